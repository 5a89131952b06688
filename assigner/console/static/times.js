// Instants as people read them: `<time-ago at=…>` says how long ago, `<clock-time at=…>` when, in the reader's zone.
// `<time-left at=…>` counts down to it.
// Without scripts all show what the server wrote, in UTC.

const said = document.documentElement.lang;
// As the reader's own region writes times, where the page is in its language: 20:25, not 08:25 PM, in British English.
const language = navigator.languages.find((each) => each.split("-")[0] === said) ?? said;
// The clock of the service counts, for that of the reader may be wrong.
const skew = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now();
const now = () => Date.now() + skew;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" });

// In the units that the server writes too.
function age(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`;
}

class Instant extends HTMLElement {
  static observedAttributes = ["at"];

  connectedCallback() { this.show(); }
  attributeChangedCallback() { if (this.isConnected) this.show(); }

  show() {
    const at = new Date(this.getAttribute("at"));
    if (Number.isNaN(at.valueOf())) return;
    this.title = full.format(at);
    const text = this.text(at);
    if (this.textContent !== text) this.textContent = text;
  }
}

customElements.define("clock-time", class extends Instant {
  text(at) { return (Math.abs(now() - at) < 20 * 3_600_000 ? clock : dayAndClock).format(at); }
});

customElements.define("time-ago", class extends Instant {
  text(at) { return age((now() - at) / 1000); }
});

customElements.define("time-left", class extends Instant {
  text(at) { return age((at - now()) / 1000); }
});

setInterval(() => {
  if (document.hidden) return;
  for (const each of document.querySelectorAll("time-ago, time-left")) each.show();
}, 1000);
