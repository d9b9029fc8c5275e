// Asks http://127.0.0.1:PORT/ on a new connection every 5 ms, and tells the longest time without an answer.
// Runs inside the network of the Engine. Says "answers" when it has had an answer, and the gap when it is told to stop.
import { request } from "node:http";

const everyMs = 5;
/** Below the second after which the kernel sends a lost SYN again: such an answer is none. */
const patienceMs = 900;
const calmMs = 500;
const longestMs = 120_000;
const mostAtOnce = 250;

interface Probe {
  readonly at: number;
  ok?: boolean;
}

const port = Number(process.argv[2]);
const probes: Probe[] = [];
let underWay = 0;
let body = "";
let answered = false;
let stopAt = Number.POSITIVE_INFINITY;

process.once("message", () => stopAt = performance.now() + 30_000);
process.once("disconnect", () => process.exit(1));
const endsAt = performance.now() + longestMs;
const timer = setInterval(() => {
  const now = performance.now();
  if (now > endsAt || now > stopAt || (Number.isFinite(stopAt) && isCalm(now))) return finish();
  if (underWay < mostAtOnce) ask(now);
}, everyMs);

function ask(at: number): void {
  const probe: Probe = { at };
  probes.push(probe);
  underWay++;
  const end = (ok: boolean): void => {
    if (probe.ok !== undefined) return;
    probe.ok = ok;
    underWay--;
    if (ok && !answered) process.send!("answers");
    answered ||= ok;
  };
  const call = request({ host: "127.0.0.1", port, agent: false, signal: AbortSignal.timeout(patienceMs) });
  call.once("error", () => end(false));
  call.once("response", (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => void (text += chunk));
    response.once("end", () => {
      body = text;
      end(response.statusCode === 200);
    }).once("error", () => end(false));
  });
  call.end();
}

/** Whether everything asked of late was answered. */
function isCalm(now: number): boolean {
  const late = probes.filter(({ at }) => at > now - patienceMs - calmMs && at < now - patienceMs / 10);
  return late.length > 20 && late.every(({ ok }) => ok === true);
}

/** From the start of the first probe that failed to the start of the first one after the last that failed. */
function finish(): void {
  clearInterval(timer);
  const settled = probes.filter(({ ok }) => ok !== undefined);
  const answering = settled.slice(settled.findIndex(({ ok }) => ok));
  const first = answering.findIndex(({ ok }) => !ok);
  const last = answering.findLastIndex(({ ok }) => !ok);
  const gapMs = first < 0 ? 0 : (answering[last + 1]?.at ?? performance.now()) - answering[first]!.at;
  const failed = answering.filter(({ ok }) => !ok).length;
  process.send!({ gapMs, failed, asked: answering.length, body: body.trim() }, () => process.exit(0));
}
