/* SPDX-License-Identifier: MIT */
/* Jobs: services that do one piece of work and end. */

import {call, part} from './api.js';
import {confirmed} from './confirm.js';
import {CreatePanel} from './create.js';
import {openDesk} from './desk.js';
import {byId, el, fill} from './dom.js';
import {takeDraft} from './draft.js';
import {facts, optionValue} from './facts.js';
import {icon} from './icons.js';
import {listing, sideBySide} from './listing.js';
import {logView} from './log-view.js';
import {serviceBook} from './services.js';
import {sheet} from './sheet.js';
import {tell} from './spoken.js';

const BUSY_MS = 3000;
const CALM_MS = 30000;
const AT_ONCE = 4;
const DONE = new Set(['complete', 'successcriteriamet']);
const FAILED = new Set(['failed', 'error', 'stopped', 'failuretarget']);
const NOT_OPTIONS = new Set(['serviceId', 'name', 'status', 'resources', '_links', 'url']);

const book = serviceBook('job');
const panel = sheet(byId('details'));
let log = null;
panel.onClose(() => log?.stop());

const rowOf = {
	key: (job) => JSON.stringify([job.serviceId, job.name]),
	name: (job) => job.name,
	words: (job) => [job.serviceId, book.titleOf(job.serviceId), stateOf(job).word],
	show: (job) => ({status: stateOf(job).word, kind: stateOf(job).kind, where: book.titleOf(job.serviceId)}),
	onOpen: look,
	acts: [{icon: 'trash', danger: true, label: (job) => 'Delete ' + job.name, run: remove}],
};
const jobs = listing({
	desk: () => desk, nouns: ['job', 'jobs'], load, rowOf, empty,
	calm: (items) => (items.some((job) => stateOf(job).kind === 'starting') ? BUSY_MS : CALM_MS),
	onNews: (job, old) => stateOf(job).kind !== stateOf(old).kind && stateOf(job).kind !== 'starting'
	    && tell(`${job.name}: ${stateOf(job).word.toLowerCase()}.`, stateOf(job).kind === 'failed' ? 'bad' : 'good'),
});
const create = new CreatePanel({
	book, noun: 'job', api: 'api/jobs/',
	/* A name stays taken after a job has ended, so each gets one of its own. */
	suggestName: () => 'job' + Date.now().toString(36),
	onCreated(serviceId, document)
	{
		tell(document.name + ' is started.');
		jobs.now();
		return null;
	},
});

fill(byId('new'), icon('plus'), 'New job');
byId('new').addEventListener('click', () => create.open());
const desk = openDesk({begin, leave: jobs.stop});

function begin()
{
	jobs.start();
	const draft = takeDraft();
	if (draft)
		create.open(draft.serviceId, draft.values);
}

async function load()
{
	await book.load();
	const services = book.all().filter((service) => service.active);
	const answers = await sideBySide(services, AT_ONCE, ({serviceId}) => call('api/jobs/' + part(serviceId)));
	const lost = answers.find(({error}) => error?.status === 401);
	if (lost)
		throw lost.error;
	return {
		items: answers.flatMap(({item, value}) => (Array.isArray(value) ? value : [])
		    .filter((job) => typeof job?.name === 'string').map((job) => ({...job, serviceId: item.serviceId})))
		    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, undefined, {numeric: true})),
		failures: answers.filter(({error}) => error).map(({item, error}) =>
			({title: item.title + ' did not answer', detail: error.detail || error.title})),
	};
}

/* What is still at work comes first. */
function rank(job)
{
	return stateOf(job).kind === 'starting' ? 0 : 1;
}

function stateOf(job)
{
	const status = typeof job.status === 'string' ? job.status.toLowerCase() : '';
	if (DONE.has(status))
		return {word: 'Finished', kind: 'running'};
	if (FAILED.has(status))
		return {word: 'Failed', kind: 'failed'};
	return status === 'suspended' ? {word: 'Held back', kind: 'starting'} : {word: 'At work', kind: 'starting'};
}

function empty()
{
	return [
		el('p', {class: 'empty-title'}, 'No jobs'),
		el('p', {}, 'A job does one piece of work, such as converting a file, and ends by itself.'),
		el('p', {class: 'ideas'}, el('button', {class: 'button', type: 'button', onClick: () => create.open()}, icon('plus'), 'New job')),
	];
}

function look(job)
{
	const at = `api/jobs/${part(job.serviceId)}/${part(job.name)}`;
	const options = Object.entries(job).filter(([name, value]) => !NOT_OPTIONS.has(name) && value !== null && value !== '');
	log?.stop();
	log = logView('Log of ' + job.name, async (tail) => {
		/* The row in the list may be newer than the panel: it says whether more is to come. */
		const now = jobs.items().find((item) => rowOf.key(item) === rowOf.key(job));
		return {text: await call(`${at}/logs?tail=${tail}`, {wantText: true}), done: !now || stateOf(now).kind !== 'starting'};
	});
	panel.show({
		title: job.name,
		body: [
			el('p', {class: 'muted'}, book.titleOf(job.serviceId), ' · ', stateOf(job).word),
			el('div', {}, el('h3', {}, 'Log'), log.element),
			el('div', {}, el('h3', {}, 'Options'), facts(options, optionValue, 'OSC gives none.')),
		],
		foot: [
			el('button', {class: 'button danger', type: 'button', onClick: () => {
				panel.close();
				remove(job);
			}}, icon('trash'), 'Delete'),
			el('button', {class: 'button', type: 'button', onClick: panel.close}, 'Close'),
		],
	});
	log.start();
}

async function remove(job)
{
	const atWork = stateOf(job).kind === 'starting';
	const sure = await confirmed({
		title: `Delete ${job.name}?`,
		text: el('p', {}, atWork ? 'It is still at work and ends unfinished. ' : '', 'Its log is deleted with it.'),
		yes: 'Delete ' + job.name,
	});
	if (!sure)
		return;
	try {
		await call(`api/jobs/${part(job.serviceId)}/${part(job.name)}`, {method: 'DELETE'});
		tell(job.name + ' is deleted.');
	} catch (error) {
		if (error.status !== 404) {
			desk.note(error, job.name + ' was not deleted', () => remove(job));
			return;
		}
	}
	byId('title').focus();
	await jobs.now();
}
