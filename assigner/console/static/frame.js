// What every page does with scripts: menus that close, signing out everywhere, and a stream that says when it is broken.

// Where a bar of pages is too narrow for all, the one that is looked at is in sight.
for (const link of document.querySelectorAll("nav [aria-current]")) {
  const bar = link.closest("nav");
  bar.scrollLeft = link.offsetLeft - (bar.clientWidth - link.offsetWidth) / 2;
}

const stream = document.getElementById("stream");
const brokenOff = document.querySelector("[data-broken-off]");
const house = new BroadcastChannel("assigner");

const sheets = () => document.querySelectorAll("details.sheet[open]");

document.addEventListener("click", (event) => {
  for (const sheet of sheets()) if (!sheet.contains(event.target)) sheet.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const sheet of sheets()) {
    sheet.open = false;
    sheet.querySelector("summary").focus();
  }
});

document.addEventListener("submit", (event) => {
  for (const sheet of sheets()) {
    if (!sheet.contains(event.target)) continue;
    sheet.open = false;
    sheet.querySelector("summary").focus();
  }
  if (event.target.matches("[data-sign-out]")) house.postMessage("signed-out");
}, true);

// What was refused of a form is in sight, ready to be mended.
document.addEventListener("htmx:after:swap", (event) => {
  const refused = event.detail.ctx.sourceElement.matches("form") && document.querySelector("#main [aria-invalid]");
  if (!refused) return;
  refused.focus({ preventScroll: true });
  refused.scrollIntoView({ block: "center" });
});

// Signed out in another tab, or anywhere else: this page shows nothing any more.
const signedOut = () => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
house.addEventListener("message", (event) => {
  if (event.data === "signed-out") setTimeout(signedOut, 300);
});
stream.addEventListener("signed-out", signedOut);
stream.addEventListener("htmx:sse:after:connection", (event) => {
  brokenOff.hidden = event.detail.connection.status < 400;
});
for (const trouble of ["htmx:sse:error", "htmx:sse:before:connection"]) {
  stream.addEventListener(trouble, (event) => {
    if (trouble === "htmx:sse:error" || event.detail.connection.attempt > 0) brokenOff.hidden = false;
  });
}
