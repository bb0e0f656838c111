/* SPDX-License-Identifier: MIT */
/* One instance, looked at closely: its addresses and the options it was made with. */

import {call, part} from './api.js';
import {byId, el, fill, outward} from './dom.js';
import {icon} from './icons.js';
import {problemBox} from './problem.js';
import {sheet} from './sheet.js';
import {pip, statusKind, statusWord} from './status.js';

/* Members of the document that are not options. */
const NOT_OPTIONS = new Set(['name', 'url', 'resources', '_links', 'nodePorts']);
const RESOURCES = {app: 'Application', apiDocs: 'API documentation', license: 'Licence'};

/* acts: {titleOf(id), onDelete(entry)} */
export function detailsPanel(acts)
{
	const panel = sheet(byId('details'));

	async function open(entry)
	{
		const place = el('div', {},
		    el('p', {class: 'waiting', role: 'status'}, el('span', {class: 'spin'}), 'Asking OSC'));
		const remove = () => {
			panel.close();
			acts.onDelete(entry);
		};
		panel.show({
			title: entry.name,
			body: [
				el('p', {class: 'birth'}, pip(statusKind(entry)),
				    el('span', {}, statusWord(entry), ' · ', acts.titleOf(entry.serviceId))),
				place,
			],
			foot: [
				el('button', {class: 'button danger', type: 'button', onClick: remove}, icon('trash'), 'Delete'),
				el('button', {class: 'button', type: 'button', onClick: panel.close}, 'Close'),
			],
		});
		try {
			const document = await call(`api/instances/${part(entry.serviceId)}/${part(entry.name)}`);
			fill(place, contents(document ?? {}));
		} catch (error) {
			fill(place, problemBox(error, {retry: () => open(entry), heading: 'h3'}));
		}
	}

	return {open};
}

function contents(document)
{
	const resources = Object.entries(document.resources ?? {}).map(([name, at]) => [RESOURCES[name] ?? name, at?.url]);
	const addresses = [['Address', document.url], ...resources].filter(([, url]) => typeof url === 'string' && url);
	const options = Object.entries(document)
	    .filter(([name, value]) => !NOT_OPTIONS.has(name) && value !== null && value !== '');
	return [
		el('h3', {}, 'Addresses'),
		facts(addresses, (url) => outward(url, url, {class: 'address'}), 'It has none yet.'),
		el('h3', {}, 'Options'),
		facts(options, optionValue, 'OSC gives none.'),
	];
}

function facts(pairs, show, none)
{
	return pairs.length
	    ? el('dl', {class: 'facts'}, pairs.map(([label, value]) => [el('dt', {}, label), el('dd', {}, show(value))]))
	    : el('p', {class: 'muted'}, none);
}

function optionValue(value)
{
	if (value === '***')
		return el('span', {class: 'muted'}, 'Hidden');
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return el('code', {}, text);
}
