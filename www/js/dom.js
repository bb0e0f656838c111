/* SPDX-License-Identifier: MIT */
/*
 * Elements from code.  Text always becomes a text node and an address is always looked at, so that nothing that OSC or
 * another visitor wrote can become markup, script or style.  There is no other way to make elements in these pages.
 */

const SVG = 'http://www.w3.org/2000/svg';
const ADDRESSES = new Set(['href', 'src', 'action', 'formaction']);
const FORBIDDEN = /^(on|style$|srcdoc$|innerhtml$|outerhtml$)/i;

/*
 * el('button', {class: 'quiet', type: 'button', onClick: f}, 'Text', otherElement, [more])
 *
 * Attributes: true sets an empty one, false/null/undefined leave it out; onName listens for the event "name".
 * Children: nodes, arrays, text; false/null/undefined are left out.
 */
export function el(tag, attributes = {}, ...children)
{
	const node = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === 'function' && /^on[A-Z]/.test(name))
			node.addEventListener(name.slice(2).toLowerCase(), value);
		else
			set(node, name, value);
	}
	node.append(...flat(children));
	return node;
}

export function set(node, name, value)
{
	if (FORBIDDEN.test(name))
		throw new Error('not an attribute for code to set: ' + name);
	if (value === false || value === null || value === undefined) {
		node.removeAttribute(name);
		return;
	}
	if (ADDRESSES.has(name) && !webAddress(value))
		return;
	const text = value === true ? '' : String(value);
	if (node.getAttribute(name) !== text)
		node.setAttribute(name, text);
}

export function fill(node, ...children)
{
	node.replaceChildren(...flat(children));
	return node;
}

/* Change text only where it differs: a live region repeats whatever is written to it. */
export function say(node, text)
{
	if (node.textContent !== text)
		node.textContent = text;
}

/* The address as a URL where it is http or https (relative ones count as this site's), else null. */
function webAddress(text)
{
	try {
		const url = new URL(String(text), document.baseURI);
		return url.protocol === 'https:' || url.protocol === 'http:' ? url : null;
	} catch {
		return null;
	}
}

/*
 * A link to somewhere else, in a tab of its own that learns nothing about this one.  An address that is not http(s), or
 * that hides a name and password, is shown as text.
 */
export function outward(address, label, attributes = {})
{
	const url = /^https?:/i.test(String(address)) ? webAddress(address) : null;
	if (!url || url.username || url.password)
		return el('span', {class: 'address'}, label);
	return el('a', {...attributes, href: url.href, target: '_blank', rel: 'noopener noreferrer'}, label,
	    el('span', {class: 'unseen'}, ' (opens in a new tab)'));
}

/* Drawings are ours, from icons.js; size and colour come from the style sheet. */
export function drawing(paths, attributes = {})
{
	const svg = document.createElementNS(SVG, 'svg');
	for (const [name, value] of Object.entries({viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', ...attributes}))
		svg.setAttribute(name, value);
	for (const d of paths) {
		const path = document.createElementNS(SVG, 'path');
		path.setAttribute('d', d);
		svg.append(path);
	}
	return svg;
}

export function byId(id)
{
	return document.getElementById(id);
}

/* An id for label/for and aria-describedby, unique in this page. */
let made = 0;
export function freshId(stem)
{
	return stem + '-' + ++made;
}

function flat(children)
{
	return children.flat(Infinity).filter((child) => child !== false && child !== null && child !== undefined);
}
