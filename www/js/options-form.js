/* SPDX-License-Identifier: MIT */
/* The form that options make, a service's or a page's own: what is required first, the rest folded away. */

import {el, fill} from './dom.js';
import {icon} from './icons.js';
import {field} from './field.js';
import {bodyOf} from './option-rules.js';

/* Up to this many optional fields are simply shown. */
const FEW = 3;

/*
 * options   as option-rules.js reads them
 * draft     values by option name from an earlier try, secrets not among them
 *
 * {element, check() -> promise of true when all is well, body(), draft(), secrets(), blame(text), suggest(name)}
 */
export function optionsForm(options, draft = {})
{
	const fields = options.map(field);
	for (const f of fields) {
		if (Object.hasOwn(draft, f.option.name))
			f.write(draft[f.option.name]);
	}

	const needed = fields.filter((f) => f.option.mandatory);
	const others = fields.filter((f) => !f.option.mandatory);
	const folded = others.length > FEW
	    ? el('details', {class: 'fold', open: others.some((f) => Object.hasOwn(draft, f.option.name))},
		el('summary', {}, icon('down'), `${others.length} more options`), others.map((f) => f.element))
	    : others.map((f) => f.element);
	const summary = el('div', {class: 'summary', tabindex: '-1'});
	const element = el('div', {class: 'options'}, summary, needed.map((f) => f.element), folded);

	return {
		element,
		check: () => checkAll(fields, summary),
		body: () => bodyOf(fields.map((f) => f.option), valuesOf(fields)),
		draft: () => draftOf(fields),
		secrets: () => fields.filter((f) => f.option.secret && f.read() && !f.read().startsWith('{{secrets.'))
		    .map((f) => ({label: f.option.label, value: f.read()})),
		/* What OSC said about the name: shown at the name, where it is put right. */
		blame(text) {
			const name = fields.find((f) => f.option.name === 'name') ?? fields[0];
			name.complain(text);
			name.control.focus();
		},
		/* A name to begin with, where none was entered. */
		suggest(text) {
			const name = fields.find((f) => f.option.name === 'name');
			if (text && name && !name.read())
				name.write(text);
		},
	};
}

async function checkAll(fields, summary)
{
	const wrong = [];
	for (const f of fields) {
		if (await f.check())
			wrong.push(f);
	}
	if (!wrong.length) {
		fill(summary);
		return true;
	}
	const title = wrong.length === 1 ? 'One thing is not right yet' : `${wrong.length} things are not right yet`;
	const link = (f) => el('button', {type: 'button', class: 'link', onClick: () => goTo(f)}, f.option.label);
	fill(summary, el('div', {class: 'notice bad', role: 'alert'}, icon('alert'), el('div', {class: 'notice-words'},
	    el('p', {class: 'notice-title'}, title),
	    el('ul', {class: 'wrongs'}, wrong.map((f) => el('li', {}, link(f)))))));
	goTo(wrong[0]);
	return false;
}

/* A field inside a closed fold cannot take the focus. */
function goTo(f)
{
	const fold = f.element.closest('details.fold');
	if (fold)
		fold.open = true;
	f.control.focus();
}

function valuesOf(fields)
{
	return Object.fromEntries(fields.map((f) => [f.option.name, f.read()]));
}

/* What may be kept for a second try: no secret, and nothing that was not changed. */
function draftOf(fields)
{
	const before = ({type, initial}) => initial || (type === 'boolean' ? 'false' : '');
	return Object.fromEntries(fields
	    .filter(({option, read}) => !option.secret && String(read()) !== before(option))
	    .map(({option, read}) => [option.name, read()]));
}
