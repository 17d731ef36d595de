# mypy: disable-error-code="assignment, no-untyped-def"
"""The kernel: decides a batch against a Book, then does it. No clock, no luck, no dictionary, no I/O.

`decide` reads and writes plain arrays only, so the same batches in the same order leave the same bytes. Every command is
decided whole before anything of it is done: an order takes all its amounts or none.

The Book's memory of keys, limits and releases is one extendible hash table (`find`, `put`): pages of 256 slots of four
64-bit words (two of key, two of value), a directory of 2^depth page numbers. A full page first drops what has expired
and then splits in two, so there is never a pause to rebuild the table, and its size follows the last 24 hours. What a key
is about stands in its bits 12-15 of the first word: 7 an idempotency key (the version of a UUIDv7), 1 a limit, 2 a release.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numba import njit

from entrepot.intake import status

U = np.uint64
SLOTS: Final = 256
FULL: Final = 208
WARM: Final = 256  # commands looked ahead at a time
ROOMY: Final = 156  # a page stays whole when dropping what expired leaves no more than this

# Columns of `offers` and `counters`, and cells of `state`.
PRICE, OPENS, CLOSES, COUNTER, LIMIT, OFFER_VERSION = 0, 1, 2, 3, 4, 5
AVAILABLE, RECEIVED, KIND = 0, 1, 2  # KIND is 0 for a counter that was never opened, else kind + 1
OFFER_COLUMNS: Final = 6
COUNTER_COLUMNS: Final = 3
S_OFFERS, S_COUNTERS, S_DEPTH, S_PAGES, S_ACCEPTED, S_COMMANDS, S_SEQ, S_STAMPED = 0, 1, 2, 3, 4, 5, 6, 7
STATE_CELLS: Final = 8

_ONE, _32, _29, _16, _12, _40 = U(1), U(32), U(29), U(16), U(12), U(40)
_C1, _C2, _C3 = U(0x9E3779B97F4A7C15), U(0xBF58476D1CE4E5B9), U(0x94D049BB133111EB)
_NIBBLE, _SEVEN, _SLOT_MASK = U(15), U(7), U(SLOTS - 1)
_LIMIT_TAG, _RELEASE_TAG = U(0x1000), U(0x2000)
_V_SEQ, _V_INDEX, _V_CODE, _V_LINE = U(24), U(11), U(7), U(127)
_MASK13, _MASK4 = U((1 << 13) - 1), U(15)

_signature = "(i8,i8,i8,u8, i8,u8[::1],u8[::1],i8[::1],i8[::1],u1[::1],u1[::1],u1[::1],u1[::1],i8[::1],i8[::1], i8[::1],i4[::1],i4[::1],i4[::1],u1[::1], i8[::1],i8[::1],i8[::1],i8[::1],i4[::1],i4[::1],i4[::1], i8[:,::1],i8[:,::1],i8[::1],i4[::1],u8[:,::1],i4[::1],i4[::1])"


@njit(cache=True, nogil=True, inline="never")
def mix(one: Any, two: Any, salt: Any) -> Any:
    """64 well-stirred bits of a two-word key."""
    h = (one ^ salt) * _C1
    h = (h ^ (h >> _32)) * _C2
    h = (h ^ two) * _C3
    h = (h ^ (h >> _29)) * _C1
    return h ^ (h >> _32)


@njit(cache=True, nogil=True, inline="never")
def find(one: Any, two: Any, h: Any, state: Any, directory: Any, pages: Any) -> Any:
    """The slot that holds this key, or -1 - the free slot where it would go."""
    page = directory[np.int64(h & ((_ONE << U(state[S_DEPTH])) - _ONE))]
    base = np.int64(page) * SLOTS
    at = np.int64((h >> _40) & _SLOT_MASK)
    while True:
        slot = base + at
        if pages[slot, 0] == one and pages[slot, 1] == two:
            return slot
        if pages[slot, 0] == 0:
            return -1 - slot
        at = (at + 1) & (SLOTS - 1)


@njit(cache=True, nogil=True, inline="never")
def make_room(
    h: Any, now: Any, salt: Any, state: Any, directory: Any, pages: Any, used: Any, depths: Any
) -> Any:
    """Drop what expired from the full page of this hash; when that is not enough, split it. False: no page is left."""
    held = np.empty((SLOTS, 4), np.uint64)
    while True:
        page = np.int64(directory[np.int64(h & ((_ONE << U(state[S_DEPTH])) - _ONE))])
        if used[page] < FULL:
            return True
        base = page * SLOTS
        count = 0
        for slot in range(base, base + SLOTS):
            one = pages[slot, 0]
            if one != 0:
                nibble = (one >> _12) & _NIBBLE
                gone = nibble == _SEVEN and np.int64(one >> _16) < now - status.KEY_LIFE_MS
                if not gone and not (nibble == _ONE and pages[slot, 2] == 0):
                    for word in range(4):
                        held[count, word] = pages[slot, word]
                    count += 1
            for word in range(4):
                pages[slot, word] = 0
        other = page
        bit = U(depths[page])
        if count > ROOMY:
            if state[S_PAGES] >= len(used) or (
                depths[page] == state[S_DEPTH] and (2 << state[S_DEPTH]) > len(directory)
            ):
                ok = False
            else:
                ok = True
                if depths[page] == state[S_DEPTH]:
                    size = 1 << state[S_DEPTH]
                    for i in range(size):
                        directory[size + i] = directory[i]
                    state[S_DEPTH] += 1
                other = state[S_PAGES]
                state[S_PAGES] += 1
                depths[page] += 1
                depths[other] = depths[page]
                step = 1 << depths[page]
                first = np.int64(h & ((_ONE << bit) - _ONE)) | (1 << np.int64(bit))
                for i in range(first, 1 << state[S_DEPTH], step):
                    directory[i] = other
        else:
            ok = True
        used[page] = 0
        if other != page:
            used[other] = 0
        for i in range(count):
            g = mix(held[i, 0], held[i, 1], salt)
            home = page
            if other != page and ((g >> bit) & _ONE) == _ONE:
                home = other
            at = np.int64((g >> _40) & _SLOT_MASK)
            while pages[home * SLOTS + at, 0] != 0:
                at = (at + 1) & (SLOTS - 1)
            for word in range(4):
                pages[home * SLOTS + at, word] = held[i, word]
            used[home] += 1
        if not ok:
            return False


@njit(cache=True, nogil=True, inline="never")
def put(
    one: Any,
    two: Any,
    v: Any,
    w: Any,
    now: Any,
    salt: Any,
    state: Any,
    directory: Any,
    pages: Any,
    used: Any,
    depths: Any,
) -> None:
    """Store a value under a key, new or known. Room was made sure of before the batch (see `Book.has_room`)."""
    h = mix(one, two, salt)
    slot = find(one, two, h, state, directory, pages)
    if slot < 0:
        page = np.int64(directory[np.int64(h & ((_ONE << U(state[S_DEPTH])) - _ONE))])
        if used[page] >= FULL:
            make_room(h, now, salt, state, directory, pages, used, depths)
            slot = find(one, two, h, state, directory, pages)
            page = np.int64(directory[np.int64(h & ((_ONE << U(state[S_DEPTH])) - _ONE))])
        slot = -1 - slot
        used[page] += 1
        pages[slot, 0] = one
        pages[slot, 1] = two
    pages[slot, 2] = v
    pages[slot, 3] = w


@njit(cache=True, nogil=True, inline="never")
def find_flaw(
    n: Any, kind: Any, rows: Any, key_hi: Any, ref: Any, counts: Any, price: Any, target: Any, counter: Any, quantity: Any, flags: Any,
    set_price: Any, set_offer: Any, set_counter: Any, set_limit: Any, opens: Any, closes: Any,
) -> Any:  # fmt: skip
    """The index of the first command that no client of ours would send, or -1. Guards the kernel's memory and sums."""
    t = 0
    o = 0
    for i in range(n):
        k = kind[i]
        r = np.int64(rows[i])
        if k < status.PLACE or k > status.OPEN_COUNTER:
            return i
        if k <= status.ADJUST and ((key_hi[i] >> _12) & _NIBBLE) != _SEVEN:
            return i
        if k == status.SET_OFFER:
            if r != 1 or o >= counts[2]:
                return i
            if (
                set_price[o] < 0
                or set_price[o] > status.WHOLE_LIMIT
                or set_offer[o] < 0
                or set_counter[o] < 0
            ):
                return i
            if set_limit[o] < 0 or opens[o] < 0 or closes[o] < 0:
                return i
            o += 1
            continue
        if t + r > counts[1] or r > status.MAX_TAKES:
            return i
        if k != status.RELEASE:
            for j in range(t, t + r):
                counter[j] = -1
        if k == status.PLACE:
            total = np.int64(0)
            if r == 0 or ref[i] < 0:
                return i
            for j in range(t, t + r):
                if target[j] < 0 or price[j] < 0 or price[j] > status.WHOLE_LIMIT:
                    return i
                if flags[j] == 0:
                    if quantity[j] <= 0:
                        return i
                    if price[j] > 0 and quantity[j] > status.WHOLE_LIMIT // price[j]:
                        return i
                    total += price[j] * quantity[j]
                    if total > status.WHOLE_LIMIT:
                        return i
                elif flags[j] != status.PLAIN or price[j] <= 0:
                    return i
        elif k == status.RELEASE:
            if ref[i] < 0:
                return i
        else:
            if r != 1 or target[t] < 0:
                return i
            if price[t] > status.WHOLE_LIMIT or price[t] < -status.WHOLE_LIMIT:
                return i
            if k == status.OPEN_COUNTER and (price[t] < 0 or quantity[t] < 0 or quantity[t] >= 6):
                return i
        t += r
    if t != counts[1] or o != counts[2]:
        return n
    return -1


@njit(cache=True, nogil=True, inline="never")
def warm(
    i: Any,
    until: Any,
    t: Any,
    salt: Any,
    kind: Any,
    rows: Any,
    key_hi: Any,
    key_lo: Any,
    target: Any,
    offers: Any,
    counters: Any,
    state: Any,
    directory: Any,
    pages: Any,
) -> Any:
    """Touch what the next commands will need, all at once, so that memory answers them side by side. Decides nothing."""
    seen = np.int64(0)
    mask = (_ONE << U(state[S_DEPTH])) - _ONE
    while i < until:
        if kind[i] == status.PLACE:
            h = mix(key_hi[i], key_lo[i], salt)
            slot = np.int64(directory[np.int64(h & mask)]) * SLOTS + np.int64((h >> _40) & _SLOT_MASK)
            seen += np.int64(pages[slot, 0] & _ONE)
            for j in range(t, t + np.int64(rows[i])):
                offer = target[j]
                if offer < len(offers):
                    c = offers[offer, COUNTER]
                    seen += offers[offer, OFFER_VERSION]
                    if c > 0:
                        seen += counters[c - 1, AVAILABLE]
        if kind[i] != status.SET_OFFER:
            t += np.int64(rows[i])
        i += 1
    return seen


@njit("void" + _signature, cache=True, nogil=True)
def decide(
    now, seq, shard, salt,
    n, key_hi, key_lo, ref, party, kind, rows, code, line, answer_order, answer_left,
    price, target, counter, quantity, flags,
    set_price, opens, closes, set_version, set_offer, set_counter, set_limit,
    offers, counters, state, directory, pages, used, depths,
):  # fmt: skip
    """Decide `n` commands in their order and do what is accepted.

    `now` is the batch's stamp (ms). Writes `code`, `line`, `counter`, `flags`, the answers (order id or -1; what is left
    of the refused line's counter or limit, or -1) and the Book's arrays.
    """
    t = 0
    o = 0
    for i in range(n):
        if i & (WARM - 1) == 0:
            answer_left[i] = warm(
                i,
                min(i + WARM, n),
                t,
                salt,
                kind,
                rows,
                key_hi,
                key_lo,
                target,
                offers,
                counters,
                state,
                directory,
                pages,
            )
        k = kind[i]
        first = t
        count = np.int64(rows[i])
        answer_order[i] = status.NO_ORDER
        answer_left[i] = status.NOTHING_LEFT_TO_SAY
        line[i] = status.NO_LINE
        result = status.ACCEPTED

        if k == status.SET_OFFER:
            offer = set_offer[o]
            c = set_counter[o]
            if offer >= len(offers):
                result = status.UNKNOWN_OFFER
            elif c >= len(counters) or counters[c, KIND] == 0:
                result = status.UNKNOWN_COUNTER
            elif set_version[o] >= offers[offer, OFFER_VERSION]:
                offers[offer, PRICE] = set_price[o]
                offers[offer, OPENS] = opens[o]
                offers[offer, CLOSES] = closes[o]
                offers[offer, COUNTER] = c + 1
                offers[offer, LIMIT] = set_limit[o]
                offers[offer, OFFER_VERSION] = set_version[o]
                if offer >= state[S_OFFERS]:
                    state[S_OFFERS] = offer + 1
            code[i] = result
            o += 1
            continue

        t += count
        if k == status.OPEN_COUNTER:
            c = target[first]
            counter[first] = c
            if c >= len(counters):
                result = status.UNKNOWN_COUNTER
            elif counters[c, KIND] == 0:
                counters[c, KIND] = quantity[first] + 1
                counters[c, AVAILABLE] = price[first]
                counters[c, RECEIVED] = price[first]
                if c >= state[S_COUNTERS]:
                    state[S_COUNTERS] = c + 1
            else:
                result = status.ACCEPTED | status.REPEATED  # open already: what it holds now stays
            code[i] = result
            continue

        # What follows has a key: stale, known, or new.
        key_ms = np.int64(key_hi[i] >> _16)
        if key_ms < now - status.KEY_LIFE_MS or key_ms > now + status.KEY_AHEAD_MS:
            code[i] = status.STALE_KEY
            continue
        print_ = mix(U(k), U(ref[i]), U(party[i]))
        if k != status.RELEASE:  # a release is the same whatever rows the writer has added to it
            for j in range(first, t):
                print_ = mix(print_, U(price[j]), U(target[j]) << _32 | U(quantity[j]))
        h = mix(key_hi[i], key_lo[i], salt)
        slot = find(key_hi[i], key_lo[i], h, state, directory, pages)
        if slot >= 0:
            if pages[slot, 3] != print_:
                code[i] = status.KEY_REUSED
                continue
            v = pages[slot, 2]
            result = np.int64((v >> _V_CODE) & _MASK4)
            code[i] = result | status.REPEATED
            line[i] = v & _V_LINE
            if result == status.ACCEPTED and k == status.PLACE:
                answer_order[i] = (shard << 53) | np.int64(v >> _V_INDEX)
            continue

        worst = np.int64(99)
        worst_line = status.NO_LINE
        left = np.int64(status.NOTHING_LEFT_TO_SAY)

        if k == status.PLACE:
            for j in range(first, t):
                reason = status.ACCEPTED
                amount = np.int64(quantity[j])
                lefts = np.int64(status.NOTHING_LEFT_TO_SAY)
                c = np.int64(-1)
                if flags[j] & status.PLAIN:
                    amount = price[j]
                    c = np.int64(target[j])
                    if c >= len(counters) or counters[c, KIND] == 0:
                        reason = status.UNKNOWN_COUNTER
                        c = np.int64(-1)
                else:
                    offer = target[j]
                    if offer >= len(offers) or offers[offer, COUNTER] == 0:
                        reason = status.UNKNOWN_OFFER
                    else:
                        c = offers[offer, COUNTER] - 1
                        if now < offers[offer, OPENS]:
                            reason = status.NOT_OPEN
                        elif now >= offers[offer, CLOSES]:
                            reason = status.CLOSED
                        elif price[j] != offers[offer, PRICE]:
                            reason = status.PRICE_CHANGED
                        elif offers[offer, LIMIT] > 0:
                            flags[j] = status.LIMITED
                            taken = np.int64(0)
                            l1 = U(c) << _16 | _LIMIT_TAG
                            at = find(l1, U(party[i]), mix(l1, U(party[i]), salt), state, directory, pages)
                            if at >= 0:
                                taken = np.int64(pages[at, 2])
                            for e in range(first, j):
                                if counter[e] == c and flags[e] & status.LIMITED:
                                    taken += quantity[e]
                            if taken + amount > offers[offer, LIMIT]:
                                reason = status.LIMIT_REACHED
                                lefts = max(np.int64(0), offers[offer, LIMIT] - taken)
                counter[j] = c
                if reason == status.ACCEPTED:
                    have = counters[c, AVAILABLE]
                    for e in range(first, j):
                        if counter[e] == c:
                            have -= price[e] if flags[e] & status.PLAIN else np.int64(quantity[e])
                    if have < amount:
                        reason = status.SOLD_OUT
                        if counters[c, KIND] > status.FIRST_BUDGET_KIND:
                            reason = status.BUDGET_EXHAUSTED
                        lefts = max(np.int64(0), have)
                if reason != status.ACCEPTED and reason < worst:
                    worst = np.int64(reason)
                    worst_line = j - first
                    left = lefts
            if worst == 99:
                for j in range(first, t):
                    c = np.int64(counter[j])
                    if flags[j] & status.PLAIN:
                        counters[c, AVAILABLE] -= price[j]
                    else:
                        counters[c, AVAILABLE] -= quantity[j]
                        if flags[j] & status.LIMITED:
                            l1 = U(c) << _16 | _LIMIT_TAG
                            at = find(l1, U(party[i]), mix(l1, U(party[i]), salt), state, directory, pages)
                            taken = np.int64(pages[at, 2]) if at >= 0 else np.int64(0)
                            put(
                                l1,
                                U(party[i]),
                                U(taken + quantity[j]),
                                U(0),
                                now,
                                salt,
                                state,
                                directory,
                                pages,
                                used,
                                depths,
                            )
                answer_order[i] = (shard << 53) | (seq << 13) | i
                state[S_ACCEPTED] += 1

        elif k == status.RELEASE:
            if count == 0:
                worst = np.int64(status.UNKNOWN_ORDER)
            else:
                at = find(
                    _RELEASE_TAG, U(ref[i]), mix(_RELEASE_TAG, U(ref[i]), salt), state, directory, pages
                )
                if at >= 0:
                    worst = np.int64(status.ALREADY_RELEASED)
            if worst == 99:
                for j in range(first, t):
                    c = np.int64(counter[j])
                    if flags[j] & status.PLAIN:
                        counters[c, AVAILABLE] += price[j]
                    else:
                        counters[c, AVAILABLE] += quantity[j]
                        if flags[j] & status.LIMITED:
                            l1 = U(c) << _16 | _LIMIT_TAG
                            at = find(l1, U(party[i]), mix(l1, U(party[i]), salt), state, directory, pages)
                            if at >= 0:
                                taken = max(np.int64(0), np.int64(pages[at, 2]) - quantity[j])
                                pages[at, 2] = U(taken)
                put(_RELEASE_TAG, U(ref[i]), U(1), U(0), now, salt, state, directory, pages, used, depths)

        else:  # ADJUST
            c = np.int64(target[first])
            counter[first] = -1
            if c >= len(counters) or counters[c, KIND] == 0:
                worst = np.int64(status.UNKNOWN_COUNTER)
                worst_line = 0
            else:
                counter[first] = c
                after = counters[c, AVAILABLE] + price[first]
                if after < 0:
                    worst = np.int64(status.SOLD_OUT)
                    if counters[c, KIND] > status.FIRST_BUDGET_KIND:
                        worst = np.int64(status.BUDGET_EXHAUSTED)
                    worst_line = 0
                    left = counters[c, AVAILABLE]
                elif counters[c, RECEIVED] + price[first] > status.WHOLE_LIMIT:
                    worst = np.int64(status.BUDGET_EXHAUSTED)  # a sum past 2^53 is no stock anyone has
                    worst_line = 0
                    left = counters[c, AVAILABLE]
                else:
                    counters[c, AVAILABLE] = after
                    counters[c, RECEIVED] += price[first]

        result = np.int64(0) if worst == 99 else worst
        code[i] = result
        line[i] = worst_line
        answer_left[i] = left
        v = U(seq) << _V_SEQ | U(i) << _V_INDEX | U(result) << _V_CODE | U(worst_line)
        put(key_hi[i], key_lo[i], v, print_, now, salt, state, directory, pages, used, depths)
    state[S_COMMANDS] += n
