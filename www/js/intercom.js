/* SPDX-License-Identifier: MIT */
/*
 * Open Intercom: cloud intercom systems in the visitor's workspace, with their productions and lines.
 *
 * The start of an app of one's own: openDesk() for the session, workList() for what takes long, call() for the rest.
 */

import {call, part} from './api.js';
import {confirmed} from './confirm.js';
import {openDesk} from './desk.js';
import {byId, el, fill} from './dom.js';
import {ownField, showFormSheet} from './form-sheet.js';
import {icon} from './icons.js';
import {poll} from './poll.js';
import {settleChildren} from './row.js';
import {sheet} from './sheet.js';
import {tell} from './spoken.js';
import {incompleteCard, systemCard} from './system-card.js';
import {workList} from './work-list.js';

const CALM_MS = 30000;
const TITLES = {
	'intercom.create': {pending: 'is about to be made', running: 'is being made', succeeded: 'is ready', failed: 'could not be made', cancelled: 'was not made to the end'},
	'intercom.delete': {pending: 'is about to be removed', running: 'is being removed', succeeded: 'is removed', failed: 'could not be removed', cancelled: 'was not removed to the end'},
};

const STEPS = {
	plan: 'Room on the plan', credentials: 'Passwords', sfu: 'Media server', couchdb: 'Database server', database: 'Database',
	manager: 'Intercom', secrets: 'Secrets',
};

const panel = sheet(byId('create'));
const cards = new Map(); /* by name of the system, and whether it is there */
const work = workList({
	place: byId('work'), kinds: 'intercom.', steps: STEPS, onEnd: () => turn.start(),
	titleOf: ({kind, system, status}) => `${system ?? 'The system'} ${TITLES[kind]?.[status] ?? status}`,
});
const turn = poll(load);
let first = true;
let systems = [];

fill(byId('new'), icon('plus'), 'New intercom');
byId('new').addEventListener('click', create);
const desk = openDesk({begin, leave});

function begin()
{
	first = true;
	turn.start();
	findWork();
}

function leave()
{
	turn.stop();
	work.stop();
}

async function findWork()
{
	try {
		await work.load();
		if (!first)
			draw();
	} catch (error) {
		desk.note(error, 'Whether something is being made cannot be shown', findWork);
	}
}

async function load()
{
	if (first)
		fill(byId('systems'), el('p', {class: 'waiting', role: 'status'}, el('span', {class: 'spin'}), 'Asking for your intercom systems'));
	try {
		const answer = await call('api/intercom');
		first = false;
		desk.over();
		systems = (Array.isArray(answer?.systems) ? answer.systems : []).filter((system) => typeof system?.name === 'string');
		draw();
		if (systems.some(({operation}) => operation && !work.follows(operation)))
			findWork(); /* begun in another window */
	} catch (error) {
		if (first)
			fill(byId('systems'));
		desk.passing(error, first ? 'Your intercom systems cannot be shown' : 'The list is not up to date', turn.start);
		throw error;
	}
	return CALM_MS;
}

/* What is being made, or failed, has its card among the work. */
function draw()
{
	const shown = systems.filter(({name, url, operation}) => !operation && (url || !work.has(name)));
	const keys = shown.map(keyOf);
	for (const key of [...cards.keys()]) {
		if (!keys.includes(key))
			cards.delete(key);
	}
	settleChildren(byId('systems'), shown.length ? shown.map((system, i) => {
		if (!cards.has(keys[i]))
			cards.set(keys[i], cardOf(system));
		cards.get(keys[i]).show(system);
		return cards.get(keys[i]).element;
	}) : systems.length || work.unfinished() ? [] : [nothingYet()]);
}

function keyOf({name, url})
{
	return JSON.stringify([name, Boolean(url)]);
}

function cardOf(system)
{
	return system.url ? systemCard(system, {onAdd: addProduction, onDelete: remove})
	    : incompleteCard(system, {onMend: mend, onDelete: remove});
}

function nothingYet()
{
	return el('div', {class: 'card empty'},
	    el('p', {class: 'empty-title'}, 'No intercom yet'),
	    el('p', {}, 'One press makes a system of your own: a media server, a database and the intercom itself, in a minute or two.'),
	    el('p', {class: 'ideas'}, el('button', {class: 'button', type: 'button', onClick: create}, icon('plus'), 'New intercom')));
}

function create()
{
	showFormSheet(panel, {
		title: 'New intercom',
		intro: el('p', {class: 'lead small'}, 'Three instances of this name are made in your workspace: they count on your plan.'),
		fields: [ownField({name: 'name', label: 'Name', mandatory: true})],
		submit: 'Make it', doing: 'Starting',
		taken: 'One of this name is at work or there. Choose another name.',
		async send(body)
		{
			work.add(await call('api/intercom', {method: 'POST', body}));
			turn.start();
		},
	});
}

async function mend({name})
{
	try {
		work.add(await call('api/intercom', {method: 'POST', body: {name}}));
	} catch (error) {
		desk.note(error, name + ' is not being finished', () => mend({name}));
		return;
	}
	byId('title').focus();
	turn.start();
}

function addProduction(system)
{
	showFormSheet(panel, {
		title: 'New production in ' + system.name,
		fields: [
			ownField({name: 'production', label: 'Name', mandatory: true, regexValidator: '^.{1,200}$'}),
			ownField({name: 'lines', label: 'Lines', mandatory: true, long: true,
				description: 'One a line: who talks together, such as Director, Cameras, Sound.'}),
		],
		submit: 'Add it', doing: 'Adding',
		taken: 'There is a production of this name. Choose another one.',
		async send({production, lines})
		{
			const body = {name: production, lines: lines.split('\n').map((name) => ({name: name.trim()})).filter(({name}) => name)};
			await call(`api/intercom/${part(system.name)}/productions`, {method: 'POST', body});
			tell(production + ' is added.');
			cards.get(keyOf(system))?.loadProductions();
		},
	});
}

async function remove(system)
{
	const sure = await confirmed({
		title: `Delete ${system.name}?`,
		text: [el('p', {}, 'The intercom, its database with all productions, and its media server are removed. ',
			'Whoever talks there is cut off.'), el('p', {}, 'They cannot be brought back.')],
		yes: 'Delete ' + system.name,
	});
	if (!sure)
		return;
	byId('title').focus();
	try {
		work.add(await call('api/intercom/' + part(system.name), {method: 'DELETE'}));
	} catch (error) {
		desk.note(error, system.name + ' is not being removed', () => remove(system));
		return;
	}
	turn.start();
}
