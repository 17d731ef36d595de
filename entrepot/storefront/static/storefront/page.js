/* Small conveniences. Every page works without them. */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-theme-form]")) {
      event.preventDefault();
      const theme = event.submitter ? event.submitter.value : "";
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
      all("button", form).forEach((button) => button.setAttribute("aria-pressed", String(button.value === theme)));
    }
    // An order is sent once, however often the button is pressed.
    if (form.matches("[data-once]")) {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
      all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    }
  });
  addEventListener("pageshow", () => all("[data-once]").forEach((form) => {
    delete form.dataset.sent;
    all("button", form).forEach((button) => button.removeAttribute("aria-disabled"));
  }));

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-auto]") && field.form) field.form.requestSubmit();
    if (field.matches("[data-all]")) {
      all("[data-pick]", field.closest("table")).forEach((box) => { box.checked = field.checked; });
    }
    if (field.matches("[data-all],[data-pick]")) {
      const picked = all("[data-pick]:checked").length;
      all("[data-pick]").forEach((box) => box.closest("tr").classList.toggle("sel", box.checked));
      all("[data-bulk]").forEach((bar) => {
        bar.hidden = !picked;
        $("[data-bulk-count]", bar).textContent = String(picked);
      });
    }
  });

  // Empty fields of a filter do not belong into the address.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "filters") {
      for (const [name, value] of [...event.detail.parameters.entries()]) if (!value) event.detail.parameters.delete(name);
      if (event.detail.parameters.get("sort") === "best") event.detail.parameters.delete("sort");
    }
  });

  // A refusal comes as a panel of its own; an error page is no part of this one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });

  document.addEventListener("click", (event) => {
    for (const id of ["added", "problem"]) {
      const place = document.getElementById(id);
      if (place && place.children.length && !place.contains(event.target)) place.replaceChildren();
    }
    all("details.drop[open]").forEach((drop) => { if (!drop.contains(event.target)) drop.open = false; });
    const hints = $("#hints");
    if (hints && !event.target.closest(".find")) hints.replaceChildren();
    const thumb = event.target.closest("[data-thumb]");
    if (thumb) {
      const picture = document.getElementById(thumb.hash.slice(1));
      if (picture) {
        event.preventDefault();
        const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
        picture.parentElement.scrollTo({ left: picture.offsetLeft - picture.parentElement.offsetLeft, behavior: calm ? "auto" : "smooth" });
        all("[data-thumb]").forEach((other) => other.removeAttribute("aria-current"));
        thumb.setAttribute("aria-current", "true");
      }
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      all("details.drop[open]").forEach((drop) => { drop.open = false; $("summary", drop).focus(); });
      const hints = $("#hints");
      if (hints && hints.children.length) { hints.replaceChildren(); $(".find input").focus(); }
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest(".find")) {
      const stops = [$(".find input"), ...all("#hints a")];
      const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    }
  });
})();
