/* The scan page: answers from what the phone knows, keeps every scan in IndexedDB before it is sent, and sends each until
   the hub says it has it. A scan's id is made here, so that sending twice counts once. */

const root = document.getElementById("scan");
const hub = root.dataset.hub;
const $ = (name) => root.querySelector(`[data-${name}]`);
const words = Object.fromEntries([...document.querySelectorAll("#words [data-w]")].map((each) => [each.dataset.w, each.textContent]));
const say = (name, values = {}) => (words[name] || name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

// ---- what the phone knows ------------------------------------------------------------------------------
const parcels = new Map();
const cages = new Map();
const known = { csrf: "", zone: "UTC", at: 0, worker: root.dataset.worker, pass: root.dataset.pass };
let queue = [];
let refused = 0;
let seq = Number(localStorage.getItem("hub-seq") || 0);
let device = localStorage.getItem("hub-device");
const newId = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
if (!device) { device = `phone-${newId().slice(0, 8)}`; localStorage.setItem("hub-device", device); }

const clean = (text) => {
  const code = text.trim().replace(/\s|^\]C1|[^\x21-\x7e]/g, "").toUpperCase();
  const found = /^(?:\(00\)|00)(\d{18})$/.exec(code);
  return found ? found[1] : code;
};

// ---- IndexedDB -----------------------------------------------------------------------------------------
const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("entrepot-hub", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("queue", { keyPath: "id" });
    request.result.createObjectStore("refused", { keyPath: "id" });
    request.result.createObjectStore("state");
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
const store = async (name, run) => {
  const work = (await opened).transaction(name, "readwrite", { durability: "strict" });
  const result = await asked(run(work.objectStore(name)));
  await new Promise((resolve, reject) => {
    work.oncomplete = resolve; work.onerror = work.onabort = () => reject(work.error);
  });
  return result;
};

// ---- local effects: the same for a new scan and for one that still waits after a fresh state ---------------
function apply(scan) {
  const parcel = parcels.get(scan.code);
  if (scan.kind === "load") {
    const cage = cages.get(scan.code);
    if (cage) cage.state = "loaded";
  } else if (parcel) {
    if (scan.kind === "receive" && (parcel.state === "expected" || parcel.state === "exception")) parcel.state = "received";
    if (scan.kind === "sort") {
      const cage = cages.get(scan.cage);
      if (cage && parcel.cage !== scan.cage) cage.count += 1;
      parcel.state = "sorted"; parcel.cage = scan.cage;
    }
    if (scan.kind === "exception") { parcel.state = "exception"; parcel.reason = scan.reason; }
  }
}

function learn(state) {
  parcels.clear(); cages.clear();
  for (const [code, sscc, chute, lane, place, departs, at, cage, held, reason] of state.parcels) {
    const parcel = { code, chute, lane, place, departs, state: at, cage, held: held === 1, reason };
    parcels.set(code, parcel); parcels.set(sscc, parcel);
  }
  for (const [code, chute, number, lane, place, departs, at, count] of state.cages) {
    cages.set(code, { code, chute, number, lane, place, departs, state: at, count });
  }
  known.zone = state.zone; known.at = Date.parse(state.now);
  for (const scan of queue) apply(scan);
}

// ---- answers -------------------------------------------------------------------------------------------
const time = (iso) => new Date(iso).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: known.zone });
const cageName = (cage) => `${cage.chute}·${cage.number}`;
const toward = (parcel) => say("toward", { place: parcel.place, time: time(parcel.departs) });
const openCage = (parcel) => [...cages.values()].filter((cage) => cage.lane === parcel.lane && cage.state === "open")
  .sort((one, two) => (one.departs + String(one.number).padStart(4, "0")).localeCompare(two.departs + String(two.number).padStart(4, "0")))[0];
let task = root.dataset.task;
let waits = null; // the parcel that waits for its cage
let reason = "";

function answer(code) {
  const parcel = parcels.get(code);
  const cage = cages.get(code);
  if (!code) return { kind: "warn", word: say("nothing"), note: say("nothing_note") };
  if (task === "load") {
    if (!cage) return { kind: "bad", word: say(parcel ? "scan_cage" : "unknown"), note: code };
    if (cage.state === "loaded" || cage.state === "departed") return { kind: "warn", word: say("already"), note: `${cageName(cage)} · ${cage.place}` };
    return { kind: "ok", word: say("loaded"), note: `${cageName(cage)} · ${cage.place} · ${say("count", { n: cage.count })}`, scan: { kind: "load", code } };
  }
  if (task === "sort" && cage) return intoCage(cage);
  if (!parcel && task === "receive" && /^RT_[0-9A-Z]{26}$/.test(code)) return { kind: "ok", word: say("return"), note: code, scan: { kind: "receive", code } };
  if (!parcel) {
    waits = null;
    if (task === "sort") return { kind: "bad", word: say("unknown"), note: say("unknown_note", { code }) };
    if (task === "exception" && !reason) return { kind: "warn", word: say("choose"), note: code };
    return { kind: "warn", word: say("unknown"), note: say("unknown_note", { code }), scan: { kind: task, code, reason: task === "exception" ? reason : "" } };
  }
  if (task === "exception") {
    if (!reason) return { kind: "warn", word: say("choose"), note: parcel.code };
    return { kind: "ok", word: say("aside"), note: parcel.code, scan: { kind: "exception", code: parcel.code, reason } };
  }
  if (task === "receive") {
    if (parcel.state !== "expected" && parcel.state !== "exception") return { kind: "warn", word: say("already"), note: `${say(parcel.state)} · ${parcel.chute} · ${parcel.place}` };
    const scan = { kind: "receive", code: parcel.code };
    if (parcel.held) return { kind: "warn", word: say("hold"), note: say("hold_note"), scan };
    return { kind: "ok", word: say("received"), chute: parcel.chute, note: toward(parcel), scan };
  }
  if (parcel.held) { waits = null; return { kind: "bad", word: say("hold"), note: say("hold_note") }; }
  const filling = openCage(parcel);
  if (parcel.state === "sorted" || parcel.state === "loaded" || parcel.state === "departed") {
    waits = null;
    const mine = cages.get(parcel.cage);
    return { kind: "warn", word: say("already"), note: `${say(parcel.state)}${mine ? ` · ${cageName(mine)}` : ""} · ${parcel.place}` };
  }
  waits = parcel;
  if (!filling) return { kind: "warn", word: parcel.chute, note: say("no_cage", { chute: parcel.chute }) };
  return { kind: "info", word: cageName(filling), note: toward(parcel), confirm: filling };
}

function intoCage(cage) {
  if (!waits) return { kind: "warn", word: say("parcel_first"), note: `${cageName(cage)} · ${cage.place}` };
  if (cage.lane !== waits.lane) return { kind: "bad", word: say("wrong_cage"), note: say("wrong_cage_note", { cage: cageName(cage), chute: waits.chute }), keep: true };
  if (cage.state !== "open") return { kind: "bad", word: say("closed"), note: say("no_cage", { chute: waits.chute }), keep: true };
  const scan = { kind: "sort", code: waits.code, cage: cage.code };
  waits = null;
  return { kind: "ok", word: say("sorted"), chute: cageName(cage), note: `${cage.place} · ${say("count", { n: cage.count + 1 })}`, scan };
}

// ---- colour, word, sound, vibration -------------------------------------------------------------------------
let audio = null;
const TONES = { ok: [[1320, 0.08]], info: [[880, 0.06]], warn: [[620, 0.12], [620, 0.12]], bad: [[220, 0.22], [160, 0.3]] };
const BUZZ = { ok: [40], info: [25], warn: [80, 60, 80], bad: [300, 80, 300] };
function sound(kind) {
  try {
    if (root.dataset.quiet !== "yes") {
      audio ||= new AudioContext();
      let at = audio.currentTime;
      for (const [hertz, length] of TONES[kind]) {
        const tone = audio.createOscillator(); const gain = audio.createGain();
        tone.type = kind === "bad" ? "sawtooth" : "sine"; tone.frequency.value = hertz;
        gain.gain.setValueAtTime(0.25, at); gain.gain.linearRampToValueAtTime(0, at + length);
        tone.connect(gain).connect(audio.destination); tone.start(at); tone.stop(at + length);
        at += length + 0.04;
      }
    }
  } catch { /* a phone without sound still shows the word */ }
  if (navigator.vibrate) navigator.vibrate(BUZZ[kind]);
}

const recent = [];
function show(found, code, since) {
  const panel = $("panel");
  panel.dataset.kind = found.kind;
  panel.className = `answer ${found.kind}`;
  $("word").textContent = found.word;
  $("chute").textContent = found.chute || "";
  $("note").textContent = found.note || "";
  const confirm = $("confirm");
  confirm.hidden = !found.confirm && !(found.keep && waits);
  if (found.confirm) { confirm.dataset.cage = found.confirm.code; confirm.textContent = say("confirm", { cage: cageName(found.confirm) }); }
  recent.unshift(`${found.word} · ${code}`);
  recent.length = Math.min(recent.length, 5);
  $("recent").replaceChildren(...recent.slice(1).map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  panel.dataset.count = String(Number(panel.dataset.count || 0) + 1);
  requestAnimationFrame(() => {
    const done = performance.now();
    performance.measure("hub-answer", { start: since, end: done });
    $("ms").textContent = `${Math.max(1, Math.round(done - since))} ms`;
  });
  sound(found.kind);
}

async function keep(part) {
  seq += 1;
  localStorage.setItem("hub-seq", String(seq));
  const scan = { id: newId(), cage: "", reason: "", ...part, at: new Date().toISOString(), seq, hub, worker: known.pass, name: known.worker };
  queue.push(scan);
  apply(scan);
  status();
  try {
    await store("queue", (box) => box.put(scan));
  } catch {
    show({ kind: "bad", word: say("not_kept"), note: say("not_kept_note") }, scan.code, performance.now());
  }
  wake();
}

function take(text, since) {
  const code = clean(text);
  const found = answer(code);
  show(found, code, since);
  if (found.scan) keep(found.scan);
}

// ---- the way home ---------------------------------------------------------------------------------------
let busy = false;
let timer = 0;
let size = 100;
let trouble = "";
const wake = (ms = 250) => { clearTimeout(timer); timer = setTimeout(send, ms); };

function status() {
  const waiting = queue.length;
  root.dataset.waiting = String(waiting);
  const is = trouble || (navigator.onLine ? (waiting ? "sending" : "synced") : "offline");
  root.dataset.net = is;
  $("net").textContent = say(is);
  $("net").className = `st ${is === "synced" ? "ok" : is === "sending" ? "info" : is === "signed_out" ? "bad" : "warn"}`;
  const others = queue.filter((scan) => scan.name && scan.name !== known.worker);
  const names = [...new Set(others.map((scan) => scan.name))].join(", ");
  $("waiting").textContent = say("waiting", { n: waiting }) + (others.length ? ` · ${say("others", { n: others.length, names })}` : "");
  $("refused").hidden = !refused;
  $("refused").textContent = say("refused", { n: refused });
}

async function send() {
  if (busy) return;
  busy = true;
  try {
    if (navigator.locks) await navigator.locks.request("hub-sync", sendAll); else await sendAll();
  } finally { busy = false; }
  status();
}

async function sendAll() {
  const stored = await store("queue", (box) => box.getAll());
  const mine = new Set(queue.map((scan) => scan.id)); // what was scanned while we read is not stored yet
  queue = [...queue, ...stored.filter((scan) => !mine.has(scan.id))].sort((one, two) => one.seq - two.seq);
  status();
  while (queue.some((scan) => scan.hub === hub)) {
    const batch = queue.filter((scan) => scan.hub === hub).slice(0, size);
    if (!known.csrf && !(await refresh())) return;
    const answer = await post(batch);
    if (!answer) return;
    if (answer === "again") continue;
    const have = new Set(answer.answers.map(([id]) => id));
    await forget(have);
    name(answer);
    size = 100;
  }
}

async function forget(ids) {
  const work = (await opened).transaction("queue", "readwrite");
  for (const id of ids) work.objectStore("queue").delete(id);
  await new Promise((resolve, reject) => { work.oncomplete = resolve; work.onerror = () => reject(work.error); });
  queue = queue.filter((scan) => !ids.has(scan.id));
  status();
}

let triedToken = false;
async function post(batch) {
  let answer;
  try {
    answer = await fetch(`/hub/${hub}/sync`, {
      method: "POST", redirect: "manual", credentials: "same-origin", cache: "no-store",
      headers: { "Content-Type": "application/json", "X-CSRFToken": known.csrf },
      body: JSON.stringify({ device, sent_at: new Date().toISOString(), scans: batch.map(({ hub: _hub, name: _name, ...scan }) => scan) }),
    });
  } catch { trouble = navigator.onLine ? "unreachable" : ""; wake(5000); return null; }
  if (answer.ok) { trouble = ""; triedToken = false; return answer.json(); }
  if (answer.type === "opaqueredirect" || answer.status === 401) { trouble = "signed_out"; return null; }
  if (answer.status === 403 && !triedToken) { triedToken = true; known.csrf = ""; return "again"; }
  if (answer.status === 403) { trouble = "signed_out"; return null; }
  if (answer.status === 400) {
    if (batch.length > 1) { size = 1; return "again"; }
    await store("refused", (box) => box.put(batch[0]));
    refused += 1;
    await forget(new Set([batch[0].id]));
    return "again";
  }
  trouble = "unreachable"; wake(5000);
  return null;
}

function name({ skew_s: skew, answers }) {
  $("skew").hidden = Math.abs(skew) <= 120;
  $("skew").textContent = say(skew > 0 ? "clock_fast" : "clock_slow", { min: Math.round(Math.abs(skew) / 60) });
  const odd = answers.filter(([, outcome, , repeated]) => outcome !== "ok" && outcome !== "return" && !repeated);
  if (odd.length) $("odd").replaceChildren(...odd.slice(-3).map(([, , , , text]) => Object.assign(document.createElement("li"), { textContent: text })));
}

async function refresh() {
  try {
    const answer = await fetch(`/hub/${hub}/state`, { redirect: "manual", credentials: "same-origin", cache: "no-store" });
    if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 401) { trouble = "signed_out"; status(); return false; }
    if (!answer.ok) throw new Error(String(answer.status));
    // Who is signed in is not kept with the state: the next worker of this phone may read it.
    const { csrf, worker, pass, ...state } = await answer.json();
    Object.assign(known, { csrf, worker, pass });
    trouble = "";
    learn(state);
    await store("state", (box) => box.put(state, hub));
    root.dataset.ready = "yes";
    $("knows").textContent = say("knows", { n: new Set(parcels.values()).size, time: time(state.now) });
  } catch { trouble = navigator.onLine ? "unreachable" : ""; status(); return false; }
  status();
  return true;
}

// ---- hands ---------------------------------------------------------------------------------------------
const field = $("code");
// With gloves and a scanner nobody wants the keyboard; a tap on the field brings it.
if (matchMedia("(pointer: coarse)").matches) field.inputMode = "none";
field.addEventListener("click", () => { field.inputMode = "text"; });
root.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value;
  field.value = "";
  take(text, event.timeStamp);
});
$("confirm").addEventListener("click", (event) => {
  take($("confirm").dataset.cage, event.timeStamp);
  field.focus();
});
// A scanner types wherever the hand left the focus.
addEventListener("keydown", (event) => {
  if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input[type=text],select,textarea")) field.focus();
});
for (const tab of root.querySelectorAll("[data-tab]")) {
  tab.addEventListener("click", (event) => {
    event.preventDefault();
    task = tab.dataset.tab; waits = null;
    root.dataset.task = task;
    for (const other of root.querySelectorAll("[data-tab]")) other.toggleAttribute("aria-current", other === tab);
    history.replaceState(null, "", `?task=${task}`);
    $("panel").className = "answer"; $("confirm").hidden = true;
    $("word").textContent = say(`ask_${task}`); $("note").textContent = ""; $("chute").textContent = "";
    field.focus();
  });
}
for (const choice of root.querySelectorAll("[name=reason]")) {
  choice.addEventListener("change", () => { reason = choice.value; field.focus(); });
}
$("quiet").addEventListener("click", () => {
  root.dataset.quiet = root.dataset.quiet === "yes" ? "" : "yes";
  $("quiet").setAttribute("aria-pressed", String(root.dataset.quiet === "yes"));
});

// ---- camera: the browser's own reader, else ours, which reads bar codes only -----------------------------------
async function eyes() {
  const known = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
  if (known.includes("code_128")) {
    const own = new BarcodeDetector({ formats: known.filter((each) => each === "code_128" || each === "qr_code") });
    return async (video) => (await own.detect(video).catch(() => [])).map((each) => each.rawValue);
  }
  const { read } = await import(document.querySelector("link[rel=modulepreload]").href);
  const canvas = document.createElement("canvas");
  const sheet = canvas.getContext("2d", { willReadFrequently: true });
  $("bars").hidden = false;
  return async (video) => {
    const part = Math.min(1, 800 / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * part); canvas.height = Math.round(video.videoHeight * part);
    sheet.drawImage(video, 0, 0, canvas.width, canvas.height);
    const code = read(sheet.getImageData(0, 0, canvas.width, canvas.height));
    return code ? [code] : [];
  };
}

async function camera() {
  const video = $("video");
  if (video.srcObject) {
    for (const track of video.srcObject.getTracks()) track.stop();
    video.srcObject = null; video.hidden = true; $("bars").hidden = true;
    return;
  }
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
  video.hidden = false;
  await video.play();
  const look = await eyes();
  let last = ""; let at = 0;
  const again = async () => {
    if (!video.srcObject) return;
    const since = performance.now();
    for (const code of await look(video)) {
      const parcel = parcels.get(clean(code)); // a label bears two codes of one parcel
      const what = parcel ? parcel.code : code;
      if (what !== last || since - at > 2500) { last = what; take(code, since); }
      at = since; // as long as it lies there it is the same scan
    }
    setTimeout(() => requestAnimationFrame(again), 60);
  };
  again();
}
if (navigator.mediaDevices) {
  $("camera").hidden = false;
  $("camera").addEventListener("click", () => camera().catch(() => {
    show({ kind: "warn", word: say("no_camera"), note: say("no_camera_note") }, "", performance.now());
  }));
} else {
  $("nocamera").hidden = false;
}

// ---- start ---------------------------------------------------------------------------------------------
async function ready() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/hub/worker.js", { scope: "/hub/" });
  await navigator.serviceWorker.ready;
  const cache = await caches.open("hub-floor");
  const files = [...document.querySelectorAll("link[href^='/static/'],script[src^='/static/']")].map((each) => each.href || each.src);
  await cache.add(location.pathname);
  const missed = (await Promise.allSettled(files.map((each) => cache.add(each)))).filter((each) => each.status === "rejected").length;
  if (missed && !(await cache.match(new URL(import.meta.url)))) return;
  for (const request of await cache.keys()) {
    if (new URL(request.url).pathname.startsWith("/static/") && !files.includes(request.url)) await cache.delete(request);
  }
  root.dataset.offline = "ready";
  $("offline").hidden = false;
}

(async () => {
  queue = await store("queue", (box) => box.getAll());
  refused = await store("refused", (box) => box.count());
  const kept = await store("state", (box) => box.get(hub));
  if (kept) { learn(kept); root.dataset.ready = "yes"; $("knows").textContent = say("knows", { n: new Set(parcels.values()).size, time: time(kept.now) }); }
  status();
  field.focus();
  await refresh();
  send();
  if (navigator.onLine) ready().catch(() => {});
})();
addEventListener("online", () => { trouble = ""; status(); wake(50); });
addEventListener("offline", status);
document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(50); });
setInterval(() => { if (queue.length) wake(0); }, 10_000);
setInterval(() => { if (navigator.onLine && !queue.length && !document.hidden) refresh(); }, 30_000);
