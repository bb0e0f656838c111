/* SPDX-License-Identifier: MIT */
/* The parts of the list: a row for an instance, a group for a service, a chip for a choice. */

import {el, fill, outward, say, set} from './dom.js';
import {icon} from './icons.js';
import {pip, statusKind, statusWord} from './status.js';

/* {element, show(entry)}: one element for as long as the instance is listed. */
export function instanceRow({onDetails, onDelete})
{
	let entry = null;
	let url = null;
	const sign = pip('unknown');
	const name = el('button', {class: 'row-name', type: 'button', onClick: () => onDetails(entry)});
	const status = el('span', {class: 'row-status'});
	const where = el('span', {class: 'row-where'});
	const removeLabel = el('span', {class: 'unseen'});
	const remove = el('button', {
		class: 'button quiet icon-only danger', type: 'button', title: 'Delete', onClick: () => onDelete(entry),
	}, icon('trash'), removeLabel);

	return {
		element: el('li', {class: 'row'}, sign, name, status, where, el('span', {class: 'row-acts'}, remove)),
		name,
		show(now)
		{
			if (now.name !== entry?.name) {
				fill(name, now.name, el('span', {class: 'unseen'}, ', details'));
				say(removeLabel, 'Delete ' + now.name);
			}
			entry = now;
			set(sign, 'class', 'pip ' + statusKind(entry));
			say(status, statusWord(entry) + (entry.stale ? ' when last seen' : ''));
			this.element.classList.toggle('faded', entry.stale || entry.phase === 'deleting');
			remove.disabled = entry.phase === 'deleting';
			if (url !== entry.url) {
				url = entry.url;
				fill(where, url && outward(url, hostOf(url), {class: 'address'}));
			}
		},
	};
}

function hostOf(address)
{
	try {
		return new URL(address).host || address.slice(0, 80);
	} catch {
		return address.slice(0, 80);
	}
}

/* {element, list, show(title, count)} */
export function serviceGroup(serviceId, id)
{
	const title = el('span');
	const count = el('span', {class: 'count'});
	const list = el('ul', {class: 'rows', role: 'list'});
	return {
		list,
		element: el('section', {class: 'card group', 'aria-labelledby': id},
		    el('header', {class: 'group-head'},
			el('h3', {id}, title, ' ', count),
			el('code', {class: 'group-id'}, serviceId)),
		    list),
		show(text, n)
		{
			say(title, text);
			say(count, String(n));
		},
	};
}

/* {element, input, show(count, hidden)} */
export function chip(value, label, onChange)
{
	const input = el('input', {type: 'radio', name: 'show', value, onChange});
	const count = el('span', {class: 'chip-count'});
	return {
		input,
		element: el('label', {class: 'chip'}, input, el('span', {}, label, ' ', count)),
		show(n, hidden)
		{
			say(count, String(n));
			this.element.hidden = hidden;
		},
	};
}

/* Make the children of a node these, moving and replacing only what differs. */
export function settleChildren(node, children)
{
	children.forEach((child, i) => {
		if (node.children[i] !== child)
			node.insertBefore(child, node.children[i] ?? null);
	});
	while (node.children.length > children.length)
		node.lastElementChild.remove();
}
