// `<filter-rows>` around a search field hides the rows whose name does not contain what is typed, also those that come
// later. Without scripts there is no such field; the choice of a status needs none.

customElements.define("filter-rows", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.field.addEventListener("input", () => this.filter());
    this.observer = new MutationObserver(() => { if (this.field.value) this.filter(); });
    this.observer.observe(document.getElementById("main"), { childList: true, subtree: true, attributeFilter: ["data-name"] });
  }

  disconnectedCallback() { this.observer.disconnect(); }

  filter() {
    const wanted = this.field.value.trim().toLowerCase();
    for (const row of document.querySelectorAll("tr[data-name]")) {
      row.classList.toggle("not-found", !row.dataset.name.includes(wanted));
    }
  }
});
