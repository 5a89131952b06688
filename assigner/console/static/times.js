// Instants as people read them: `<time-ago at=…>` says how long ago, `<clock-time at=…>` when, in the reader's zone.
// `<time-left at=…>` counts down to it.
// Without scripts all show what the server wrote, in UTC.

const language = document.documentElement.lang;
// The clock of the service counts, for that of the reader may be wrong.
const skew = (Date.parse(document.documentElement.dataset.now) || Date.now()) - Date.now();
const now = () => Date.now() + skew;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" });
const unit = (name) => new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" });
const units = { day: unit("day"), hour: unit("hour"), minute: unit("minute"), second: unit("second") };

function age(seconds) {
  if (seconds < 60) return units.second.format(Math.max(0, Math.floor(seconds)));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return units.minute.format(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${units.hour.format(hours)} ${units.minute.format(minutes % 60)}`;
  return units.day.format(Math.floor(hours / 24));
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
