'use strict';

// What every part of the page is made with. Whatever a run says goes through shown() or named(), and
// into the page as text only: names of items may be anything.

const LONGEST_TEXT = 300;

// Characters that would be invisible, or turn what is around them, stand as escapes. There are
// symbols for the first ones, but many fonts don't have them.
function escaped(character) {
  const short = {'\t': '\\t', '\n': '\\n', '\r': '\\r'}[character];
  const code = character.codePointAt(0).toString(16);
  return short ?? (code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`);
}

const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

function shown(value) {
  return String(value ?? '').replace(INVISIBLE, escaped);
}

function cut(text, longest = LONGEST_TEXT) {
  if (text.length <= longest) return text;
  // Not between the halves of a character.
  return Array.from(text.slice(0, longest)).slice(0, -1).join('') + '\u2026';
}

// The same of what says most at its end: errors, such as a long command with its exit status.
function cutInside(text, longest = LONGEST_TEXT) {
  if (text.length <= longest) return text;
  const half = Math.floor(longest / 2);
  return Array.from(text.slice(0, half)).slice(0, -1).join('') + '\u2026' +
    Array.from(text.slice(-half)).slice(1).join('');
}

// Makes an element. Children that are strings become text; attributes that are null are left out.
function element(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function furnish(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function byId(id) {
  return document.getElementById(id);
}

// A name that a run gave: apart from the direction of the text around it, and whole when pointed at.
function named(value, className = 'clip', shorten = cut) {
  const text = shown(value);
  return element('bdi', {class: className, title: text.length > 30 ? shorten(text, 2000) : null}, shorten(text));
}

function setText(target, text) {
  // Writing the same again would make screen readers say it again, and lose a selection.
  if (target.textContent !== text) target.textContent = text;
}

function show(id, visible) {
  byId(id).hidden = !visible;
}

// As the commands write it: 12.5ms, 3.1s, 2m05s, 3h20m.
function duration(seconds) {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 0.0995) return `${(seconds * 1000).toFixed(seconds < 0.00995 ? 1 : 0)}ms`;
  if (seconds < 60) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  const two = (value) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h${two(Math.floor(whole / 60) % 60)}m`;
}

function number(value) {
  return (value ?? 0).toLocaleString('en', {maximumFractionDigits: 0}).replaceAll(',', '\u202f');
}

function rate(perSecond) {
  if (!Number.isFinite(perSecond) || perSecond === 0) return '';
  if (perSecond >= 100) return `${number(perSecond)}/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)}/s`;
  if (perSecond * 60 >= 1) return `${(perSecond * 60).toFixed(1)}/min`;
  return `${(perSecond * 3600).toFixed(1)}/h`;
}

function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// A small square of a colour.
function patch(key) {
  const made = element('i', {class: 'patch'});
  made.style.background = `var(--${key})`;
  return made;
}

function legend(id, entries) {
  byId(id).replaceChildren(...entries.map(([key, text]) => element('li', {}, patch(key), element('bdi', {}, text))));
}

// A bar of shares: [colour name, amount, text for those who point at it].
function fillBar(bar, shares, total) {
  while (bar.childElementCount > shares.length) bar.lastChild.remove();
  while (bar.childElementCount < shares.length) bar.append(element('span'));
  shares.forEach(([key, amount, text], index) => {
    const part = bar.children[index];
    part.style.width = `${total > 0 ? 100 * amount / total : 0}%`;
    part.style.background = `var(--${key})`;
    part.title = text;
  });
}

// A canvas as sharp as the screen is. Gives its context, in CSS pixels, cleared.
function fitCanvas(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
