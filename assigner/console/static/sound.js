// `<new-contact-sound>`: a short tone when a contact comes to the desk, for who wants it; the choice stays in this browser.

const KEY = "assigner-sound";
let audio;

function tone() {
  audio ??= new AudioContext();
  const [oscillator, gain] = [audio.createOscillator(), audio.createGain()];
  oscillator.frequency.setValueAtTime(660, audio.currentTime);
  oscillator.frequency.setValueAtTime(880, audio.currentTime + 0.12);
  gain.gain.setValueAtTime(0.15, audio.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start();
  oscillator.stop(audio.currentTime + 0.4);
}

const held = () => new Set([...document.querySelectorAll("[data-contact]")].map((each) => each.dataset.contact));

customElements.define("new-contact-sound", class extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    field.checked = localStorage.getItem(KEY) === "on";
    field.addEventListener("change", () => {
      localStorage.setItem(KEY, field.checked ? "on" : "off");
      if (field.checked) tone();
    });
    const title = document.title;
    let known = held();
    this.observer = new MutationObserver(() => {
      const now = held();
      const isNew = [...now].some((each) => !known.has(each));
      known = now;
      document.title = now.size ? `(${now.size}) ${title}` : title;
      if (isNew && field.checked) tone();
    });
    this.observer.observe(document.getElementById("main"), { childList: true, subtree: true });
  }

  disconnectedCallback() { this.observer.disconnect(); }
});
