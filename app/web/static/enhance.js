// Small comforts; every page does all it does without them.
"use strict";

// "None of these" and the others in a list rule each other out.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox" || !box.checked) return;
  const list = box.closest("[data-none]");
  if (!list) return;
  const isNone = box.hasAttribute("data-is-none");
  for (const other of list.querySelectorAll("input[type=checkbox]")) {
    if (other !== box && (isNone || other.hasAttribute("data-is-none"))) other.checked = false;
  }
});

// Whoever is told of a mistake is taken to it.
const mistakes = document.getElementById("mistakes");
if (mistakes) mistakes.focus();

// Pages kept in the back-forward cache come back with their buttons in order.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

// A second tap on a slow line does not send a form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.hasAttribute("aria-busy")) event.preventDefault();
  else form.setAttribute("aria-busy", "true");
});

// Paper: the button is there only where it does something.
for (const way of document.querySelectorAll("[data-print]")) {
  way.hidden = false;
  way.querySelector("[data-print-button]").addEventListener("click", () => window.print());
}

// A link to something folded opens it as well as showing it.
const openTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const own = target.querySelector(":scope > details");
  if (own) own.open = true;
  for (let around = target.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  target.scrollIntoView();
};
window.addEventListener("hashchange", openTarget);
openTarget();

// What stands beside something where there is room for it is open there, and on paper.
const besides = document.querySelectorAll("details[data-open-wide]");
const openBesides = () => { for (const details of besides) details.open = true; };
if (window.matchMedia("(min-width: 60rem)").matches) openBesides();
window.addEventListener("beforeprint", () => {
  openBesides();
  for (const details of document.querySelectorAll(".paper-group details")) details.open = true;
});
