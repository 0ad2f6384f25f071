// Writes what axe finds into the page's title: the width of the window, whether the look is dark, the number of rules that
// passed, and the findings as JSON. What axe can't decide counts as found, but for the contrast of a picture's texts, which
// have the page's own colours.
onload = async () => {
  const { passes, violations, incomplete } = await axe.run();
  const shown = (rule) => [rule.id, rule.nodes.map((node) => node.html).filter((html) => !html.startsWith("<text"))];
  const found = [...violations, ...incomplete].map(shown).filter(([, nodes]) => nodes.length > 0);
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.title = `axe ${innerWidth} ${isDark ? "dark" : "light"} ${passes.length} ${JSON.stringify(found)}`;
};
