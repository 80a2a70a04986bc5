/* global document, getComputedStyle, innerWidth */
// Runs in a page: what of it keeps people out. Each complaint names the rule of WCAG 2.2 that it is of.
(() => {
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const say = (element) => `<${element.tagName.toLowerCase()}> "${(element.textContent || element.id).slice(0, 30)}"`;
  const complaints = [];
  const complain = (rule, what) => complaints.push(`${rule}: ${what}`);

  if (document.documentElement.lang === '') complain('3.1.1', 'the page names no language');
  if (document.title === '') complain('2.4.2', 'the page has no title');
  if (document.documentElement.scrollWidth > innerWidth) complain('1.4.10', 'the page scrolls sideways');
  if (all('main').length !== 1) complain('1.3.1', `${all('main').length} main parts`);

  const levels = all('h1, h2, h3').map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) complain('1.3.1', `headings of levels ${levels}`);
  levels.forEach((level, index) => {
    if (level > (levels[index - 1] ?? 0) + 1)
      complain('1.3.1', `a heading of level ${level} after ${levels[index - 1]}`);
  });

  for (const field of all('input, textarea, select, progress')) {
    const named = field.labels.length > 0 || field.getAttribute('aria-label');
    if (!named) complain('3.3.2', `${say(field)} has no label`);
  }
  for (const control of all('button, a')) {
    if ((control.getAttribute('aria-label') ?? control.textContent).trim() === '')
      complain('4.1.2', `${say(control)} has no name`);
  }
  for (const control of all('button, a, input, textarea')) {
    const { width, height } = control.getBoundingClientRect();
    if (width < 24 || height < 24) complain('2.5.8', `${say(control)} is ${width} by ${height} pixels`);
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) complain('4.1.2', `two elements are "${id}"`);
  for (const element of document.querySelectorAll('[aria-labelledby], [aria-describedby], label[for]')) {
    const names = ['aria-labelledby', 'aria-describedby', 'for'].map((name) => element.getAttribute(name));
    for (const name of names) if (name !== null && !ids.includes(name)) complain('1.3.1', `nothing is "${name}"`);
  }

  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const background = (element) => {
    const { backgroundColor } = getComputedStyle(element ?? document.documentElement);
    const [, , , opacity = 1] = channels(backgroundColor);
    return opacity === 1 || element === null ? backgroundColor : background(element.parentElement);
  };
  for (const element of all('body *')) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!text && !('value' in element)) continue;
    const [light, dark] = [getComputedStyle(element).color, background(element)].map(luminance).sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) complain('1.4.3', `${say(element)} has a contrast of ${contrast.toFixed(1)}`);
  }
  return complaints;
})();
