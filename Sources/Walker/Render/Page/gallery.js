"use strict";
const search = document.getElementById("search");
const count = document.getElementById("count");
const articles = [...document.querySelectorAll("article")];

const filter = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
  let shown = 0;
  for (const article of articles) {
    const text = `${article.dataset.words} ${article.textContent.toLowerCase()}`;
    article.hidden = !words.every((word) => text.includes(word));
    if (!article.hidden) shown += 1;
  }
  count.textContent = words.length === 0 ? "" : `${shown} of ${articles.length}`;
  const address = new URL(location.href);
  if (words.length === 0) address.hash = "";
  else address.hash = encodeURIComponent(search.value);
  history.replaceState(null, "", address);
};
try {
  search.value = decodeURIComponent(location.hash.slice(1));
} catch {
  search.value = "";
}
search.addEventListener("input", filter);
filter();
