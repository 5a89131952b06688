// Several tabs of one person: one is enough, and two are easily taken for two people. Tabs of this browser find each
// other here; of tabs elsewhere the service tells when input is reported.

const warning = document.querySelector("[data-several-tabs]");
const channel = new BroadcastChannel("assigner-tabs");
const me = crypto.randomUUID?.() ?? String(Math.random());
const others = new Set();

const show = () => { warning.hidden = others.size === 0; };
const tell = (kind) => channel.postMessage({ kind, from: me });

channel.addEventListener("message", ({ data: { kind, from } }) => {
  if (kind === "gone") others.delete(from);
  else others.add(from);
  if (kind === "here?") tell("here");
  show();
});
addEventListener("pagehide", () => tell("gone"));
addEventListener("pageshow", () => { others.clear(); tell("here?"); show(); });
