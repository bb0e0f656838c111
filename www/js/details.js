/* SPDX-License-Identifier: MIT */
/* One instance, looked at closely: addresses, options, log, ports and size; and its restart. */

import {call, part} from './api.js';
import {waiting, whileBusy} from './busy.js';
import {confirmed} from './confirm.js';
import {byId, el, fill, freshId, outward} from './dom.js';
import {facts, optionValue} from './facts.js';
import {icon} from './icons.js';
import {fold, logView} from './log-view.js';
import {problemBox} from './problem.js';
import {sheet} from './sheet.js';
import {tell} from './spoken.js';
import {pip, statusKind, statusWord} from './status.js';

/* Members of the document that are not options. */
const NOT_OPTIONS = new Set(['name', 'url', 'resources', '_links', 'nodePorts']);
const RESOURCES = {app: 'Application', apiDocs: 'API documentation', license: 'Licence'};

/* acts: {titleOf(id), onDelete(entry), onRestarted(entry)} */
export function detailsPanel(acts)
{
	const panel = sheet(byId('details'));
	let folds = []; /* what asks again while the panel is open */
	panel.onClose(() => folds.splice(0).forEach((part) => part.stop()));

	async function open(entry)
	{
		const at = `api/instances/${part(entry.serviceId)}/${part(entry.name)}`;
		const place = el('div', {}, waiting('Asking OSC'));
		const said = el('div', {class: 'trouble'});
		const remove = () => {
			panel.close();
			acts.onDelete(entry);
		};
		const restart = el('button', {class: 'button', type: 'button', onClick: () =>
			whileBusy(restart, 'Restarting', [icon('refresh'), 'Restart'], () => restarted(entry, at, said, acts)),
		}, icon('refresh'), 'Restart');
		folds.forEach((part) => part.stop());
		folds = [
			fold('Log', () => logView('Log of ' + entry.name, (tail) => call(`${at}/logs?tail=${tail}`, {wantText: true}))),
			fold('Ports and internal address', () => ports(at)),
			fold('Size', () => replicas(at)),
		];
		panel.show({
			title: entry.name,
			body: [
				el('p', {class: 'birth'}, pip(statusKind(entry)),
				    el('span', {}, statusWord(entry), ' · ', acts.titleOf(entry.serviceId))),
				said,
				place,
				el('div', {class: 'folds'}, folds.map((part) => part.element)),
			],
			foot: [
				el('button', {class: 'button danger', type: 'button', onClick: remove}, icon('trash'), 'Delete'),
				restart,
				el('button', {class: 'button', type: 'button', onClick: panel.close}, 'Close'),
			],
		});
		try {
			fill(place, contents(await call(at) ?? {}));
		} catch (error) {
			fill(place, problemBox(error, {retry: () => open(entry), heading: 'h3'}));
		}
	}

	return {open};
}

async function restarted(entry, at, said, acts)
{
	const sure = await confirmed({
		title: `Restart ${entry.name}?`,
		text: el('p', {}, 'It does not answer while it restarts, up to a minute. What it stores on disk stays.'),
		yes: 'Restart ' + entry.name, no: 'Leave it running', danger: false,
	});
	if (!sure)
		return;
	fill(said);
	try {
		await call(at + '/restart', {method: 'POST'});
		tell(entry.name + ' is restarting.');
		acts.onRestarted(entry);
	} catch (error) {
		fill(said, problemBox(error, {lead: 'Not restarted', heading: 'h3'}));
	}
}

/* Two questions side by side; either may fail without the other. */
function ports(at)
{
	const outside = el('div', {}, waiting('Asking for the ports'));
	const inside = el('div', {}, waiting('Asking for the internal address'));
	const ask = async (path, place, show) => {
		try {
			fill(place, show(await call(at + path)));
		} catch (error) {
			fill(place, problemBox(error, {retry: () => ask(path, place, show), heading: 'h4'}));
		}
	};
	return {
		element: el('div', {class: 'fold-body'},
		    el('h4', {}, 'From outside'), outside, el('h4', {}, 'From inside the platform'), inside),
		start()
		{
			ask('/ports', outside, (answer) => portTable(listOf(answer)));
			ask('/endpoint', inside, endpointFacts);
		},
		stop() {},
	};
}

/* Older answers of OSC are one object instead of a list of them. */
function listOf(answer)
{
	return (Array.isArray(answer) ? answer : [answer]).filter((port) => port?.externalPort !== undefined);
}

function portTable(list)
{
	if (!list.length)
		return el('p', {class: 'muted'}, 'It has none. Just after creation they can take a minute to appear.');
	return el('table', {class: 'table'},
	    el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'Reach it at'), el('th', {scope: 'col'}, 'Its own port'))),
	    el('tbody', {}, list.map((port) => el('tr', {},
		el('td', {}, el('code', {}, `${port.externalIp}:${port.externalPort}`)),
		el('td', {}, String(port.internalPort ?? ''))))));
}

function endpointFacts(answer)
{
	if (typeof answer?.serviceDns !== 'string')
		return el('p', {class: 'muted'}, 'It has none.');
	const list = Array.isArray(answer.ports) ? answer.ports : [];
	const addresses = list.map((port) => [port?.name || 'Port', `${answer.serviceDns}:${port?.port}`]);
	return facts(addresses.length ? addresses : [['Address', answer.serviceDns]], (text) => el('code', {}, text), '');
}

/* How many of it run. */
function replicas(at)
{
	const id = freshId('replicas');
	const said = el('div', {class: 'trouble'});
	const number = el('input', {id, type: 'number', min: 0, max: 20, step: 1, inputmode: 'numeric'});
	const label = 'Change';
	const button = el('button', {class: 'button', type: 'submit'}, label);
	const send = async (event) => {
		event.preventDefault();
		await whileBusy(button, 'Changing', label, async () => {
			try {
				await call(at + '/scale', {method: 'PUT', body: {desiredReplicas: Number(number.value)}});
				fill(said);
				tell('The size is changed.');
			} catch (error) {
				fill(said, problemBox(error, {lead: 'Not changed', heading: 'h4'}));
			}
		});
	};
	const form = el('form', {class: 'inline', onSubmit: send}, el('label', {for: id}, 'Running side by side'), number, button);
	form.hidden = true;
	return {
		element: el('div', {class: 'fold-body'}, said, form),
		async start()
		{
			try {
				const answer = await call(at + '/scale');
				number.value = String(answer?.desiredReplicas ?? '');
				form.hidden = false;
				fill(said);
			} catch (error) {
				fill(said, error.status === 404 ? el('p', {class: 'muted'}, 'This service always runs as one.')
				    : problemBox(error, {heading: 'h4'}));
			}
		},
		stop() {},
	};
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
