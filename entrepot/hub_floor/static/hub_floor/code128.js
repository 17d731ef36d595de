/* Reads a Code 128 from a camera's picture, for browsers without a reader of their own (Safari, Chromium on a desk).
   Lines through the picture, along and across, are cut at their local brightness, measured in runs of dark and light, and
   matched with the standard's patterns (ISO/IEC 15417); only what its check digit confirms is told. */

const PATTERNS = "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232"
  .match(/.{6}/g).map((text) => [...text].map(Number));
const STOP = [2, 3, 3, 1, 1, 1, 2];
const [CODE_C, CODE_B, CODE_A, FNC1, SHIFT, START_A, START_C] = [99, 100, 101, 102, 98, 103, 105];
const MOST_OFF = 1.9; // modules a symbol's six runs may be off in all

/* The symbol whose widths are nearest to these runs; -1 when none is near. */
function nearest(runs, at) {
  let sum = 0;
  for (let n = 0; n < 6; n += 1) sum += runs[at + n];
  const module = sum / 11;
  let best = -1; let least = MOST_OFF;
  for (let value = 0; value < PATTERNS.length; value += 1) {
    let off = 0;
    for (let n = 0; n < 6 && off < least; n += 1) off += Math.abs(runs[at + n] / module - PATTERNS[value][n]);
    if (off < least) { least = off; best = value; }
  }
  return best;
}

function isStop(runs, at) {
  let sum = 0; let off = 0;
  for (let n = 0; n < 7; n += 1) sum += runs[at + n];
  for (let n = 0; n < 7; n += 1) off += Math.abs((runs[at + n] * 13) / sum - STOP[n]);
  return off < MOST_OFF;
}

/* The text of symbols, the first of them the start; empty when the check digit is wrong. FNC1 in front is dropped. */
export function textOf(values) {
  const check = values[values.length - 1];
  const data = values.slice(1, -1);
  const sum = data.reduce((total, value, place) => total + value * (place + 1), values[0]);
  if (data.length < 1 || sum % 103 !== check) return "";
  let set = "ABC"[values[0] - START_A]; let text = ""; let once = "";
  for (const value of data) {
    const now = once || set; once = "";
    if (value === FNC1) continue;
    if (now === "C") {
      if (value < 100) text += String(value).padStart(2, "0");
      else set = value === CODE_B ? "B" : "A";
    } else if (value < 96) text += String.fromCharCode(now === "A" && value > 63 ? value - 64 : value + 32);
    else if (value === SHIFT) once = now === "A" ? "B" : "A";
    else if (value === CODE_C) set = "C";
    else if (value === CODE_B && now === "A") set = "B";
    else if (value === CODE_A && now === "B") set = "A";
  }
  return text;
}

function fromRuns(runs, first) {
  for (let at = first; at + 19 < runs.length; at += 2) { // runs[first], runs[first + 2] … are dark
    const start = nearest(runs, at);
    if (start < START_A || start > START_C) continue;
    const module = (runs[at] + runs[at + 1] + runs[at + 2] + runs[at + 3] + runs[at + 4] + runs[at + 5]) / 11;
    if (at > 0 && runs[at - 1] < 4 * module) continue; // its quiet zone
    const values = [start];
    for (let next = at + 6; next + 6 < runs.length; next += 6) {
      if (values.length > 2 && isStop(runs, next)) {
        const text = textOf(values);
        if (text) return text;
      }
      const value = nearest(runs, next);
      if (value < 0 || value > 102) break;
      values.push(value);
    }
  }
  return "";
}

const BLOCK = 16;
const REACH = 2; // blocks on either side
const LEAST = 28; // contrast below which all is light

/* Runs of dark and light along a line; a point is dark below the middle between the brightest and the darkest near it. */
function runsOf(line) {
  const blocks = Math.ceil(line.length / BLOCK);
  const low = new Float64Array(blocks).fill(255); const high = new Float64Array(blocks);
  for (let n = 0; n < line.length; n += 1) {
    const block = (n / BLOCK) | 0;
    if (line[n] < low[block]) low[block] = line[n];
    if (line[n] > high[block]) high[block] = line[n];
  }
  const middles = low.map((_, block) => {
    const near = [Math.max(0, block - REACH), Math.min(blocks, block + REACH + 1)];
    const darkest = Math.min(...low.subarray(...near)); const brightest = Math.max(...high.subarray(...near));
    return brightest - darkest < LEAST ? -1 : (brightest + darkest) / 2;
  });
  const runs = []; let dark = false; let since = 0;
  for (let n = 0; n < line.length; n += 1) {
    const middle = middles[(n / BLOCK) | 0];
    if (line[n] < middle === dark) continue;
    const step = n ? line[n - 1] - line[n] : 0; // where between two points the edge lies
    const edge = n - (step ? Math.min(1, Math.max(0, (middle - line[n]) / step)) : 0);
    runs.push(edge - since); since = edge; dark = !dark;
  }
  runs.push(line.length - since);
  return runs;
}

/* The text of a Code 128 in a picture (ImageData), whichever way it is turned by a quarter; empty when there is none. */
export function read({ data, width, height }) {
  const light = (x, y) => { const at = 4 * (y * width + x); return (data[at] * 3 + data[at + 1] * 6 + data[at + 2]) / 10; };
  for (let step = 0; step < 17; step += 1) {
    const part = (step % 2 ? -1 : 1) * ((step + 1) >> 1) / 18 + 0.5; // from the middle outwards
    const y = Math.floor(part * height); const x = Math.floor(part * width);
    for (const line of [
      Float64Array.from({ length: width }, (_, n) => light(n, y)),
      Float64Array.from({ length: height }, (_, n) => light(x, n)),
    ]) {
      const runs = runsOf(line);
      const text = fromRuns(runs, 1) || fromRuns([...runs].reverse(), runs.length % 2 ? 1 : 0);
      if (text) return text;
    }
  }
  return "";
}
