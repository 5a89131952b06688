// `<rule-text>` around the document: numbers of lines, and a mark at each line that lint has found something in. Asking
// lint while somebody types is said in the page; here what it answers is brought to its place.

customElements.define("rule-text", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.numbers = document.createElement("ol");
    this.numbers.className = "line-numbers";
    this.numbers.setAttribute("aria-hidden", "true");
    this.prepend(this.numbers);
    this.field.addEventListener("input", () => this.count());
    this.field.addEventListener("scroll", () => this.follow());
    addEventListener("click", (event) => this.lead(event));
    this.observer = new MutationObserver(() => this.mark());
    this.observer.observe(this.closest("form").querySelector(".beside"), { childList: true, subtree: true });
    this.count();
    this.mark();
  }

  disconnectedCallback() { this.observer.disconnect(); }

  count() {
    const wanted = this.field.value.split("\n").length;
    while (this.numbers.children.length > wanted) this.numbers.lastChild.remove();
    while (this.numbers.children.length < wanted) {
      this.numbers.append(Object.assign(document.createElement("li"), { textContent: this.numbers.children.length + 1 }));
    }
    this.follow();
  }

  follow() { this.numbers.style.translate = `0 ${-this.field.scrollTop}px`; }

  mark() {
    for (const line of this.numbers.children) line.className = "";
    for (const finding of document.querySelectorAll("#findings .finding")) {
      const line = this.numbers.children[finding.dataset.line - 1];
      if (line && line.className !== "error") line.className = finding.dataset.severity;
      const at = finding.querySelector("span.at");
      if (at) at.replaceWith(Object.assign(document.createElement("button"), { type: "button", className: "at", textContent: at.textContent }));
    }
  }

  lead(event) {
    const at = event.target.closest?.("#findings button.at");
    if (!at) return;
    const line = Number(at.closest(".finding").dataset.line);
    const lines = this.field.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.field.focus();
    this.field.setSelectionRange(start, start + lines[line - 1].length);
    this.field.scrollTop = (line - 6) * parseFloat(getComputedStyle(this.numbers).lineHeight);
  }
});
