// Reports input by its age: at once after a pause, then at most every 25 s while it goes on, and once at its end.
// Only a visible page is given input, so nothing here depends on timers of hidden ones; other tabs' clicks count there.

const BETWEEN = 25_000;
const REPORT = "/v1/sessions/current/activity";
const tabId = crypto.randomUUID?.() ?? String(Math.random());
let inputAt = -Infinity;
let reportedAt = -Infinity;
let timer;

function report() {
  clearTimeout(timer);
  timer = undefined;
  if (inputAt <= reportedAt) return;
  const now = performance.now();
  const body = JSON.stringify({ age_ms: Math.round(now - inputAt), tab_id: tabId });
  reportedAt = now;
  fetch(REPORT, { method: "POST", headers: { "content-type": "application/json" }, body, keepalive: true })
    .then(async (answer) => {
      if (answer.status === 401) location.reload();
      if (answer.ok) dispatchEvent(new CustomEvent("reported", { detail: await answer.json() }));
    })
    .catch(() => { reportedAt = -Infinity; timer ??= setTimeout(report, 5_000); });
}

function input() {
  inputAt = performance.now();
  if (timer !== undefined) return;
  const due = reportedAt + BETWEEN - inputAt;
  if (due <= 0) report();
  else timer = setTimeout(report, due);
}

for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) {
  addEventListener(kind, input, { passive: true, capture: true });
}
document.addEventListener("visibilitychange", () => { if (document.hidden) report(); });
