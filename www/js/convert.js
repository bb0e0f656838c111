/* SPDX-License-Identifier: MIT */
/*
 * Open Media Convert: a transcoding pipeline in the visitor's workspace, and the jobs that it does.
 *
 * The start of an app of one's own: openDesk() for the session, workList() for what takes long, listing() for what is
 * there, call() for the rest.
 */

import {call, part} from './api.js';
import {waiting, whileBusy} from './busy.js';
import {confirmed} from './confirm.js';
import {convertForm} from './convert-form.js';
import {bestToPlay, jobState, repeatOf, summaryOf} from './convert-rules.js';
import {openDesk} from './desk.js';
import {byId, el, fill, say} from './dom.js';
import {icon} from './icons.js';
import {jobResult} from './job-result.js';
import {listing} from './listing.js';
import {poll} from './poll.js';
import {problemBox} from './problem.js';
import {sheet} from './sheet.js';
import {tell} from './spoken.js';
import {workList} from './work-list.js';

const BUSY_MS = 2000;
const CALM_MS = 30000;
const PIPELINE_MS = 30000;
const TITLES = {
	'convert.pipeline': {pending: 'is about to be made', running: 'is being made', succeeded: 'is ready', failed: 'could not be made', cancelled: 'was not made to the end'},
	'convert.remove': {pending: 'is about to be removed', running: 'is being removed', succeeded: 'is removed', failed: 'could not be removed', cancelled: 'was not removed to the end'},
};

const STEPS = {
	plan: 'Room on the plan', credentials: 'Passwords', storage: 'Object storage', buckets: 'Places for files', queue: 'Queue',
	profiles: 'Profile server', encoder: 'Encoder', listener: 'Progress listener', packager: 'Packager', jobs: 'Jobs at work',
	secrets: 'Secrets',
};

const player = sheet(byId('details'));
const work = workList({
	place: byId('work'), kinds: 'convert.', steps: STEPS, onEnd: () => pipelineTurn.start(),
	titleOf: ({kind, status}) => 'The pipeline ' + ((TITLES[kind] ?? TITLES['convert.remove'])[status] ?? status),
});
const pipelineTurn = poll(loadPipeline);
const rowOf = {
	key: (job) => job.id,
	name: (job) => job.name || job.id,
	words: (job) => [jobState(job).word],
	show: (job) => ({status: jobState(job).word, kind: jobState(job).kind, where: stateOf(job)}),
	onOpen: look,
	acts: [
		{icon: 'play', label: (job) => 'Play ' + rowOf.name(job), run: look, when: (job) => bestToPlay(job) !== null},
		{icon: 'refresh', label: (job) => 'Convert again ' + rowOf.name(job), run: repeatFromRow, when: canRepeat},
		{icon: 'stop', label: (job) => 'Cancel ' + rowOf.name(job), run: remove, when: (job) => jobState(job).busy},
		{icon: 'trash', danger: true, label: (job) => 'Delete ' + rowOf.name(job), run: remove, when: (job) => !jobState(job).busy},
	],
};
const bars = new Map(); /* by id of the job: one element as long as it is shown */
const jobs = listing({
	desk: () => desk, nouns: ['job', 'jobs'], load: loadJobs, rowOf, empty,
	calm: (items) => (items.some((job) => jobState(job).kind === 'starting') ? BUSY_MS : CALM_MS),
	onNews: newsOf,
});
const form = convertForm({onSent: taken});

let opened = ''; /* id of the job in the panel */
let page = 0;
let pages = 1;
let ready = false;
let pipeline = {}; /* as the server said it last */
let shown = ''; /* how the pipeline looked: drawn again only when that changed */

byId('form').append(form.element);
byId('newer').addEventListener('click', () => turnTo(page - 1));
byId('older').addEventListener('click', () => turnTo(page + 1));
player.onClose(() => { opened = ''; });
const desk = openDesk({begin, leave});

function begin()
{
	pipelineTurn.start();
	findWork();
}

function leave()
{
	pipelineTurn.stop();
	jobs.stop();
	work.stop();
	ready = false;
	pipeline = {};
	shown = '';
}

async function findWork()
{
	try {
		await work.load();
		settle();
	} catch (error) {
		desk.note(error, 'Whether something is being made cannot be shown', findWork);
	}
}

/* ---- the pipeline ---- */

async function loadPipeline()
{
	try {
		const now = await call('api/convert/pipeline');
		desk.over();
		showPipeline(now);
	} catch (error) {
		desk.passing(error, 'The pipeline cannot be shown', pipelineTurn.start);
		throw error;
	}
	return PIPELINE_MS;
}

function showPipeline(now)
{
	pipeline = now ?? {};
	const is = pipeline.status === 'ready';
	byId('studio').hidden = !is;
	if (is && !ready)
		jobs.start();
	if (!is)
		jobs.stop();
	const looks = `${is} ${pipeline.status === 'incomplete'} ${pipeline.streaming}`;
	if (looks !== shown)
		fill(byId('pipeline'), is ? readyStrip(pipeline) : offer(pipeline));
	shown = looks;
	ready = is;
	form.profiles(pipeline.profiles);
	settle();
	if (atWork() && !work.follows(pipeline.operation))
		findWork(); /* begun in another window */
}

function atWork()
{
	return pipeline.status === 'making' || pipeline.status === 'removing';
}

/* Nobody is offered to make what is being made, or what one card away waits to be made again. */
function settle()
{
	byId('pipeline').hidden = atWork() || (!ready && work.unfinished());
}

function readyStrip({streaming})
{
	return el('div', {class: 'strip'},
	    el('p', {}, el('span', {class: 'pip running', 'aria-hidden': 'true'}), ' The pipeline is ready',
		streaming === true ? ', with packaging for streaming.' : '.'),
	    el('button', {class: 'button quiet danger', type: 'button', onClick: removePipeline}, icon('trash'), 'Remove the pipeline'));
}

function offer({status, streaming: before})
{
	const mending = status === 'incomplete';
	const streaming = el('input', {type: 'checkbox', id: 'streaming', checked: before === true});
	const trouble = el('div', {class: 'trouble'});
	const label = mending ? [icon('refresh'), 'Mend the pipeline'] : [icon('plus'), 'Make the pipeline'];
	const make = el('button', {class: 'button primary', type: 'button', onClick: () => whileBusy(make, 'Starting', label, async () => {
		try {
			work.add(await call('api/convert/pipeline', {method: 'POST', body: {streaming: streaming.checked}}));
			byId('title').focus();
			byId('pipeline').hidden = true;
		} catch (error) {
			fill(trouble, problemBox(error, {heading: 'h3', lead: 'Not started'}));
		}
	})}, label);
	return el('div', {class: 'card empty'},
	    el('p', {class: 'empty-title'}, mending ? 'The pipeline is not complete' : 'No pipeline yet'),
	    mending ? el('p', {}, 'A part of it is gone or was never made. Mending makes what is missing and leaves the rest as it is.')
		: el('p', {}, 'One press makes it in your workspace: object storage for your files, a queue, profiles and the encoder. ',
		'What is there already is used.'),
	    el('div', {class: 'switch-line'}, streaming, el('label', {for: 'streaming'}, 'Package for streaming as well (its results are public)')),
	    trouble, make,
	    mending && el('button', {class: 'button quiet danger', type: 'button', onClick: removePipeline}, icon('trash'), 'Remove the pipeline'));
}

async function removePipeline()
{
	const files = el('input', {type: 'checkbox', id: 'files-too'});
	const sure = await confirmed({
		title: 'Remove the pipeline?',
		text: [el('p', {}, 'Jobs at work are cancelled, and the encoder, the queue and the profile server are removed. ',
			'The object storage stays, unless you say so:'),
			el('div', {class: 'switch-line'}, files, el('label', {for: 'files-too'}, 'Remove the storage and all files in it'))],
		yes: 'Remove the pipeline',
	});
	if (!sure)
		return;
	byId('title').focus();
	try {
		work.add(await call('api/convert/pipeline' + (files.checked ? '?storage=encoreshared' : ''), {method: 'DELETE'}));
	} catch (error) {
		desk.note(error, 'The pipeline is not being removed', removePipeline);
		return;
	}
	pipelineTurn.start();
}

/* ---- jobs ---- */

async function loadJobs()
{
	const answer = await call('api/convert/jobs?page=' + page);
	const list = Array.isArray(answer) ? answer : answer?.jobs;
	pages = Number.isInteger(answer?.pages) ? answer.pages : 1;
	if (page > 0 && page >= pages) { /* the last one of the last page is gone */
		page = Math.max(0, pages - 1);
		return loadJobs();
	}
	byId('pager').hidden = pages < 2;
	byId('newer').disabled = page === 0;
	byId('older').disabled = page >= pages - 1;
	fill(byId('page'), `Page ${page + 1} of ${pages}`);
	return {items: (Array.isArray(list) ? list : []).filter((job) => typeof job?.id === 'string')};
}

function turnTo(wanted)
{
	page = Math.min(Math.max(0, wanted), pages - 1);
	jobs.forget();
	byId('list-title').focus();
	return jobs.now();
}

/* How far it is, or what came of it. */
function stateOf(job)
{
	if (!jobState(job).busy)
		return summaryOf(job);
	if (!bars.has(job.id))
		bars.set(job.id, progressBar('Progress of ' + rowOf.name(job)));
	const bar = bars.get(job.id);
	bar.show(Number(job.progress) || 0);
	return bar.element;
}

function progressBar(label)
{
	const bar = el('progress', {max: 1, 'aria-label': label});
	const words = el('span', {class: 'count', 'aria-hidden': 'true'});
	return {
		element: el('span', {class: 'how-far'}, bar, words),
		show(part)
		{
			bar.value = part;
			say(words, `${Math.round(Math.min(Math.max(part, 0), 1) * 100)} %`);
		},
	};
}

function empty()
{
	if (pages > 1)
		return el('p', {class: 'empty-title'}, 'Nothing is left on this page');
	return [el('p', {class: 'empty-title'}, 'No jobs yet'), el('p', {}, 'Choose a file above: it is stored in your own workspace and converted there.')];
}

/* The addresses in the list are good for a quarter of an hour: opened, they are asked for anew. */
async function look(job)
{
	const place = el('div', {class: 'result'}, waiting('Asking for the result'));
	const said = el('div', {class: 'trouble'});
	const busy = jobState(job).busy;
	const label = [icon('refresh'), 'Convert again'];
	const again = canRepeat(job) && el('button', {class: 'button', type: 'button', onClick: () => whileBusy(again, 'Starting', label, async () => {
		try {
			await repeat(job);
			player.close();
		} catch (error) {
			fill(said, problemBox(error, {heading: 'h3', lead: 'Not started'}));
		}
	})}, label);
	opened = job.id;
	player.show({
		title: rowOf.name(job),
		body: [said, place],
		foot: [
			el('button', {class: 'button danger', type: 'button', onClick: () => {
				player.close();
				remove(job);
			}}, icon(busy ? 'stop' : 'trash'), busy ? 'Cancel' : 'Delete'),
			again,
			el('button', {class: 'button', type: 'button', onClick: player.close}, 'Close'),
		],
	});
	try {
		fill(place, jobResult(await call('api/convert/jobs/' + part(job.id)), {onAgain: () => look(job)}));
	} catch (error) {
		fill(place, problemBox(error, {retry: () => look(job), heading: 'h3'}));
	}
}

function canRepeat(job)
{
	return ['failed', 'stopped'].includes(jobState(job).kind) && repeatOf(job) !== null;
}

/* The source is still where it was: nothing is uploaded again. */
async function repeat(job)
{
	taken(await call('api/convert/jobs', {method: 'POST', body: repeatOf(job)}));
}

async function repeatFromRow(job)
{
	try {
		await repeat(job);
	} catch (error) {
		desk.note(error, rowOf.name(job) + ' is not converted again', () => repeatFromRow(job));
	}
}

function taken(job)
{
	tell((job?.name || 'The job') + ' is on its way.');
	page = 0;
	jobs.now();
}

/* What a panel offers is another thing once the job has ended; who has begun to watch what came of it is left alone. */
function newsOf(job, old)
{
	if (jobState(job).word === jobState(old).word || jobState(job).busy)
		return;
	tell(`${rowOf.name(job)}: ${jobState(job).word.toLowerCase()}.`, jobState(job).kind === 'failed' ? 'bad' : 'good');
	if (opened === job.id && !(byId('details').querySelector('video, audio')?.currentTime > 0))
		look(job);
}

async function remove(job)
{
	const busy = jobState(job).busy;
	const sure = await confirmed({
		title: `${busy ? 'Cancel' : 'Delete'} ${rowOf.name(job)}?`,
		text: el('p', {}, busy ? 'What has been converted so far is lost.' : 'Its results are deleted with it. A file that was uploaded for it stays in your storage.'),
		yes: busy ? 'Cancel the job' : 'Delete ' + rowOf.name(job), no: busy ? 'Let it go on' : 'Keep it',
	});
	if (!sure)
		return;
	byId('title').focus();
	try {
		await call('api/convert/jobs/' + part(job.id), {method: 'DELETE'});
		tell(rowOf.name(job) + (busy ? ' is cancelled.' : ' is deleted.'));
	} catch (error) {
		if (error.status !== 404) {
			desk.note(error, rowOf.name(job) + (busy ? ' was not cancelled' : ' was not deleted'), () => remove(job));
			return;
		}
	}
	await jobs.now();
}
