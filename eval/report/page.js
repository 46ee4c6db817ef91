"use strict";
(() => {
  const cases = [...document.querySelectorAll("details.case")];
  const search = document.getElementById("search");
  const narrowing = [...document.querySelectorAll("select[data-narrows]")];
  const attribute = { result: "results", language: "language", tag: "tags" };
  const count = document.getElementById("count");
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const texts = new Map();
  const textOf = (part) => {
    if (!texts.has(part)) texts.set(part, fold(part.textContent));
    return texts.get(part);
  };
  const holds = (part, words) =>
    narrowing.every(
      (choice) =>
        !choice.value || (part.dataset[attribute[choice.dataset.narrows]] || "").split(" ").includes(choice.value),
    ) && words.every((word) => textOf(part).includes(word));
  const narrow = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const part of cases) {
      part.hidden = !holds(part, words);
      if (!part.hidden) shown += 1;
    }
    count.textContent = `${shown.toLocaleString("en")} of ${cases.length.toLocaleString("en")} cases`;
  };
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const part = target && target.closest("details.case");
    if (!part) return;
    if (part.hidden) {
      search.value = "";
      for (const choice of narrowing) choice.value = "";
      narrow();
    }
    part.open = true;
    target.scrollIntoView({ block: target === part ? "start" : "center" });
  };
  let wait;
  search.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(narrow, 120);
  });
  for (const choice of narrowing) choice.addEventListener("change", narrow);
  document.getElementById("unfold").addEventListener("click", () => {
    for (const part of cases) if (!part.hidden) part.open = true;
  });
  document.getElementById("fold").addEventListener("click", () => {
    for (const part of cases) part.open = false;
  });
  // Paper cannot be unfolded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")].filter((part) => !part.hidden);
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of folded) part.open = false;
  });
  addEventListener("hashchange", openTarget);
  document.querySelector(".controls").hidden = false;
  narrow();
  openTarget();
})();
