/* SPDX-License-Identifier: MIT */
/* The two apps: long work on the page, Open Intercom, Open Media Convert. */

import {createServer} from 'node:http';
import {answerWith, picture, visit} from './browser.mjs';
import {equal, ok, test} from './tap.mjs';
import {signInAt} from './workspace.mjs';

const now = () => Math.floor(Date.now() / 1000);

/* A stand-in for the API's operations, moved by hand. */
async function operations(page)
{
	const all = new Map();
	const sent = [];
	let events = true;
	await answerWith(page, 'operations', () => ({json: {operations: [...all.values()].reverse()}}));
	await page.route((url) => /\/(api|cgi-bin)\/operations\/[^/]+$/.test(url.pathname), (route) => {
		const request = route.request();
		const id = new URL(request.url()).pathname.split('/').at(-1);
		const operation = all.get(id);
		if (request.method() === 'DELETE') {
			sent.push('dismiss ' + id);
			if (operation.status !== 'running') {
				all.delete(id);
				return route.fulfill({status: 204});
			}
			operation.status = 'cancelled';
			return route.fulfill({status: 202, json: operation});
		}
		if (!operation)
			return route.fulfill({status: 404, contentType: 'application/problem+json', json: {title: 'No such operation', status: 404}});
		if (!/event-stream/.test(request.headers().accept))
			return route.fulfill({json: operation});
		if (!events)
			return route.fulfill({status: 429, contentType: 'application/problem+json', json: {title: 'Too many', status: 429}});
		sent.push('stream ' + id);
		return route.fulfill({contentType: 'text/event-stream', body: `retry: 200\nevent: operation\ndata: ${JSON.stringify(operation)}\n\n`});
	});
	await answerWith(page, 'operations/[^/]+/retry', (request) => {
		const id = new URL(request.url()).pathname.split('/').at(-2);
		sent.push('retry ' + id);
		Object.assign(all.get(id), {status: 'running', error: null});
		all.get(id).steps.forEach((step) => { step.status = step.status === 'failed' ? 'running' : step.status; });
		return {status: 202, json: all.get(id)};
	});
	return {
		sent,
		begin(id, kind, system, names)
		{
			const operation = {id, kind, system, status: 'running', progress: 0, result: null, error: null, createdAt: now() - 65, updatedAt: now(),
				steps: names.map((name, i) => ({name, serviceId: name + '-service', instance: system, status: i ? 'pending' : 'running', startedAt: i ? null : now() - 65, endedAt: null}))};
			all.set(id, operation);
			return operation;
		},
		/* The step at work is done; the next begins, or all is done. */
		step(id)
		{
			const operation = all.get(id);
			const i = operation.steps.findIndex(({status}) => status === 'running');
			Object.assign(operation.steps[i], {status: 'succeeded', endedAt: now()});
			operation.progress = (i + 1) / operation.steps.length;
			operation.updatedAt = now();
			if (operation.steps[i + 1])
				Object.assign(operation.steps[i + 1], {status: 'running', startedAt: now()});
			else
				operation.status = 'succeeded';
		},
		fail(id, error)
		{
			const operation = all.get(id);
			operation.steps.find(({status}) => status === 'running').status = 'failed';
			Object.assign(operation, {status: 'failed', error, updatedAt: now()});
		},
		noEvents() { events = false; },
	};
}

async function intercoms(page, work)
{
	const systems = [];
	const productions = [];
	await answerWith(page, 'intercom', (request) => {
		if (request.method() === 'GET')
			return {json: {systems}};
		const {name} = request.postDataJSON();
		systems.push({name, url: null, operation: 'op-' + name});
		return {status: 202, json: work.begin('op-' + name, 'intercom.create', name, ['media-server', 'database', 'intercom'])};
	});
	await answerWith(page, 'intercom/[^/]+', (request) => {
		const name = new URL(request.url()).pathname.split('/').at(-1);
		systems.find((system) => system.name === name).operation = 'rm-' + name;
		return {status: 202, json: work.begin('rm-' + name, 'intercom.delete', name, ['intercom', 'database', 'media-server'])};
	});
	await answerWith(page, 'intercom/[^/]+/productions', (request) => {
		if (request.method() === 'GET')
			return {json: {productions, total: productions.length}};
		productions.push({productionId: '1', ...request.postDataJSON()});
		return {status: 201, json: productions.at(-1)};
	});
	return {systems, productions};
}

test('an intercom: made step by step, found again after a reload, failed, retried, opened, removed', () => visit(async (page) => {
	const work = await operations(page);
	const {systems, productions} = await intercoms(page, work);
	await signInAt(page, '/intercom.html');
	await page.getByText('No intercom yet').waitFor();
	await page.locator('.empty').getByRole('button', {name: 'New intercom'}).click();
	await page.fill('#own-form [name=name]', 'studio');
	await page.click('#create button[type=submit]');
	const card = page.locator('.work');
	await card.getByText('studio is being made').waitFor();
	const step = (name) => card.locator('li', {has: page.locator('.work-name', {hasText: name})});
	await step('Media server').getByText('At work').waitFor();
	await step('Database').getByText('Waiting').waitFor();
	work.step('op-studio');
	await step('Media server').getByText('Done').waitFor();
	ok(/1 min \d+ s/.test(await step('Media server').locator('.count').textContent()), 'how long it took');
	await picture(page, 'intercom-made');

	await page.reload();
	await card.getByText('studio is being made').waitFor();
	work.fail('op-studio', {title: 'The database did not come up', status: 502, detail: 'Its log ends: out of disk.'});
	await card.getByText('studio could not be made').waitFor();
	await card.getByText('Its log ends: out of disk.').waitFor();
	await picture(page, 'intercom-failed');
	await card.getByRole('button', {name: 'Retry'}).click();
	await step('Database').getByText('At work').waitFor();
	work.step('op-studio');
	work.step('op-studio');
	Object.assign(systems[0], {url: 'https://acme-studio.example.osaas.io/', operation: null});
	await card.getByText('studio is ready').waitFor();
	await page.getByRole('link', {name: /Open the intercom/}).waitFor();
	equal(await page.getByRole('link', {name: /Open the intercom/}).getAttribute('href'), 'https://acme-studio.example.osaas.io/', 'its address');
	await card.getByRole('button', {name: 'Dismiss'}).click();
	await card.waitFor({state: 'detached'});

	await page.getByRole('button', {name: 'New production studio'}).click();
	await page.fill('#own-form [name=production]', 'Evening show');
	await page.fill('#own-form [name=lines]', 'Director\n\n Cameras ');
	await page.click('#create button[type=submit]');
	await page.locator('.production-list li', {hasText: 'Evening show'}).getByText('Cameras').waitFor();
	equal(productions[0].lines, [{name: 'Director'}, {name: 'Cameras'}], 'the lines that were sent');
	await picture(page, 'intercom');

	await page.getByRole('button', {name: 'Delete studio'}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete studio'}).click();
	await card.getByText('studio is being removed').waitFor();
	await card.getByRole('button', {name: 'Cancel'}).click();
	await card.getByText('studio was not removed to the end').waitFor();
	ok(work.sent.includes('stream op-studio') && work.sent.includes('retry op-studio') && work.sent.includes('dismiss rm-studio'), 'asked: ' + [...new Set(work.sent)]);
}));

const focused = (page) => page.evaluate(() => document.activeElement.textContent);

test('long work with the keyboard: the button that mends it stands at what went wrong, and the focus is never lost', () => visit(async (page) => {
	const work = await operations(page);
	await intercoms(page, work);
	work.begin('op-a', 'intercom.create', 'a', Array.from({length: 12}, (_, i) => 'step-' + i));
	await signInAt(page, '/intercom.html');
	const card = page.locator('.work');
	const top = async (locator) => (await locator.boundingBox()).y;
	work.fail('op-a', {title: 'It did not come up', status: 502});
	const retry = card.getByRole('button', {name: 'Retry'});
	await retry.waitFor();
	ok(await top(retry) > await top(card.locator('.notice')) && await top(retry) < await top(card.locator('.work-steps')), 'between what went wrong and the steps');
	await retry.press('Enter');
	const cancel = card.getByRole('button', {name: 'Cancel'});
	await cancel.waitFor();
	equal(await focused(page), 'a is being made', 'focused after Retry');
	await cancel.press('Enter');
	const dismiss = card.getByRole('button', {name: 'Dismiss'});
	await dismiss.waitFor();
	equal(await focused(page), 'a was not made to the end', 'focused after Cancel');
	await dismiss.press('Enter');
	await card.waitFor({state: 'detached'});
	equal(await focused(page), 'Open Intercom', 'focused after Dismiss');
}));

test('an intercom that was given up half-made is shown, and is finished or deleted', () => visit(async (page) => {
	const work = await operations(page);
	const {systems} = await intercoms(page, work);
	systems.push({name: 'half', url: null, operation: null}, {name: 'elsewhere', url: null, operation: 'op-else'});
	work.begin('op-half', 'intercom.create', 'half', ['media-server', 'database']);
	work.fail('op-half', {title: 'It did not come up', status: 502});
	await signInAt(page, '/intercom.html');
	const failed = page.locator('.work', {hasText: 'half could not be made'});
	const half = page.locator('.system', {hasText: 'half is not complete'});
	await failed.getByRole('button', {name: 'Retry'}).waitFor();
	ok(!await half.isVisible(), 'not said twice');
	await failed.getByRole('button', {name: 'Dismiss'}).click();
	await half.waitFor();
	await picture(page, 'intercom-half');
	work.begin('op-else', 'intercom.create', 'elsewhere', ['media-server']);
	await half.getByRole('button', {name: 'Finish it half'}).click();
	await page.locator('.work', {hasText: 'half is being made'}).waitFor();
	await half.waitFor({state: 'detached'});
	await page.locator('.work', {hasText: 'elsewhere is being made'}).waitFor(); /* begun in another window */

	work.fail('op-half', {title: 'It did not come up', status: 502});
	await failed.getByRole('button', {name: 'Dismiss'}).click();
	await half.getByRole('button', {name: 'Delete half'}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete half'}).click();
	await page.locator('.work', {hasText: 'half is being removed'}).waitFor();
}));

test('where there are no events, long work is asked for again and again', () => visit(async (page) => {
	const work = await operations(page);
	await intercoms(page, work);
	work.noEvents();
	work.begin('op-a', 'intercom.create', 'a', ['one', 'two']);
	await signInAt(page, '/intercom.html');
	await page.locator('.work').getByText('a is being made').waitFor();
	work.step('op-a');
	await page.locator('.work li', {hasText: 'One'}).getByText('Done').waitFor();
	work.step('op-a');
	await page.locator('.work').getByText('a is ready').waitFor();
}, {answers: /operations/}));

/* A place to upload to and play from, on another origin of this machine as the visitor's storage is. */
async function withStorage(run)
{
	const stored = new Map();
	let mute = false;
	let held = false;
	const server = createServer((request, reply) => {
		const headers = {'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'PUT, GET', 'Access-Control-Allow-Headers': '*'};
		if (request.method === 'OPTIONS' || mute)
			return reply.writeHead(mute ? 403 : 204, headers).end();
		const parts = [];
		request.on('data', (chunk) => parts.push(chunk));
		request.on('end', () => {
			if (held) {
				held = false;
				return;
			}
			if (request.method === 'PUT')
				stored.set(request.url.split('?')[0], Buffer.concat(parts));
			reply.writeHead(200, {...headers, 'Content-Type': 'audio/wav'}).end(request.method === 'GET' ? silence() : '');
		});
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		await run({url: `http://127.0.0.1:${server.address().port}`, stored, refuse: (value) => { mute = value; }, hold: () => { held = true; }});
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

/* A tenth of a second that every browser plays. */
function silence()
{
	const head = Buffer.alloc(44 + 800);
	head.write('RIFF', 0);
	head.writeUInt32LE(36 + 800, 4);
	head.write('WAVEfmt ', 8);
	head.writeUInt32LE(16, 16);
	head.writeUInt16LE(1, 20);
	head.writeUInt16LE(1, 22);
	head.writeUInt32LE(8000, 24);
	head.writeUInt32LE(8000, 28);
	head.writeUInt16LE(1, 32);
	head.writeUInt16LE(8, 34);
	head.write('data', 36);
	head.writeUInt32LE(800, 40);
	return head.fill(128, 44);
}

async function converter(page, work, {ready = true, storage = '', pages = 1} = {})
{
	const state = {ready, status: '', operation: null, profiles: ['program'], pages, jobs: [], sent: []};
	await answerWith(page, 'convert/pipeline', (request) => {
		if (request.method() === 'GET')
			return {json: {status: state.status || (state.ready ? 'ready' : 'absent'), streaming: state.status === 'incomplete',
				profiles: state.ready ? state.profiles : [], operation: state.operation}};
		state.sent.push(`${request.method()} pipeline${new URL(request.url()).search} ${request.postData() ?? ''}`.trim());
		return {status: 202, json: request.method() === 'POST' ? work.begin('op-make', 'convert.pipeline', 'encoreshared', ['storage', 'encoder'])
		    : work.begin('op-remove', 'convert.remove', 'encoreshared', ['encoder'])};
	});
	await answerWith(page, 'convert/uploads', (request) => {
		state.sent.push(request.postDataJSON());
		return {status: 201, json: {uploadUrl: storage + '/input/clip.mp4?X-Amz-Signature=abc', source: 's3://input/clip.mp4'}};
	});
	await answerWith(page, 'convert/jobs', (request) => {
		if (request.method() === 'GET') {
			const page = Number(new URL(request.url()).searchParams.get('page'));
			state.sent.push('page ' + page);
			return {json: {jobs: page < state.pages ? state.jobs : [], page, pages: state.pages}};
		}
		state.sent.push(request.postDataJSON());
		state.jobs.unshift({id: 'j1', name: 'clip', status: 'QUEUED', progress: 0, outputs: [], message: null});
		return {status: 201, json: state.jobs[0]};
	});
	await answerWith(page, 'convert/jobs/j1', (request) => {
		if (request.method() === 'GET')
			return {json: state.jobs[0]};
		state.sent.push('DELETE j1');
		if (state.jobs[0].status === 'IN_PROGRESS')
			state.jobs[0].status = 'CANCELLED';
		else
			state.jobs = [];
		return {status: 204};
	});
	return state;
}

test('the pipeline: made, made again after a failure, ready, removed', () => visit(async (page) => {
	const work = await operations(page);
	const state = await converter(page, work, {ready: false});
	await signInAt(page, '/convert.html');
	await page.getByText('No pipeline yet').waitFor();
	await page.getByLabel(/Package for streaming/).check();
	await page.getByRole('button', {name: 'Make the pipeline'}).click();
	const card = page.locator('.work');
	await card.getByText('The pipeline is being made').waitFor();
	ok(!await page.getByText('No pipeline yet').isVisible(), 'not offered while it is made');
	equal(state.sent.filter((x) => /pipeline/.test(x)), ['POST pipeline {"streaming":true}'], 'what was sent');
	work.fail('op-make', {title: 'Your plan is full', status: 403, detail: 'It allows three instances.'});
	await card.getByText('It allows three instances.').waitFor();
	await card.getByRole('button', {name: 'Retry'}).click();
	await card.getByText('The pipeline is being made').waitFor();
	state.ready = true;
	work.step('op-make');
	work.step('op-make');
	await page.locator('#pipeline').getByText('The pipeline is ready').waitFor();
	await page.getByRole('heading', {name: 'Convert a file'}).waitFor();
	await page.getByRole('button', {name: 'Remove the pipeline'}).click();
	await page.locator('#confirm').getByLabel('Remove the storage and all files in it').check();
	await page.locator('#confirm').getByRole('button', {name: 'Remove the pipeline'}).click();
	await card.getByText('The pipeline is being removed').waitFor();
	state.ready = false;
	work.step('op-remove');
	await page.getByText('No pipeline yet').waitFor();
	ok(!await page.isVisible('#studio'), 'nothing to convert with');
	ok(state.sent.includes('DELETE pipeline?storage=encoreshared'), 'with the files: ' + state.sent);
}));

test('a pipeline of which a part is gone is mended; one begun in another window is followed', () => visit(async (page) => {
	const work = await operations(page);
	const state = await converter(page, work);
	state.status = 'incomplete';
	await signInAt(page, '/convert.html');
	await page.getByText('The pipeline is not complete').waitFor();
	ok(!await page.isVisible('#studio'), 'nothing to convert with');
	ok(await page.getByLabel(/Package for streaming/).isChecked(), 'as it was: for streaming');
	await picture(page, 'convert-incomplete');
	await page.getByRole('button', {name: 'Mend the pipeline'}).click();
	const card = page.locator('.work');
	await card.getByText('The pipeline is being made').waitFor();
	ok(state.sent.includes('POST pipeline {"streaming":true}'), 'what was sent: ' + state.sent);
	Object.assign(state, {status: '', profiles: ['program', 'mobile']});
	work.step('op-make');
	work.step('op-make');
	await page.locator('#pipeline').getByText('The pipeline is ready').waitFor();
	equal(await page.getByLabel('Profile').locator('option').allTextContents(), ['program', 'mobile'], 'profiles to choose from');

	await page.clock.install();
	await page.reload();
	await page.getByText('The pipeline is ready.', {exact: true}).waitFor();
	work.begin('op-else', 'convert.remove', 'encoreshared', ['encoder']);
	Object.assign(state, {status: 'removing', operation: 'op-else'});
	await page.clock.runFor(31000);
	await card.getByText('The pipeline is being removed').waitFor();
	ok(!await page.getByText('No pipeline yet').isVisible(), 'nothing offered while it is at work');
}));

test('a file: uploaded with a progress bar, converted, played, downloaded, deleted', () => withStorage((storage) => visit(async (page) => {
	const work = await operations(page);
	const state = await converter(page, work, {storage: storage.url});
	await signInAt(page, '/convert.html');
	await page.getByRole('button', {name: 'Convert', exact: true}).click();
	await page.getByText('Choose a file first.').waitFor();
	await page.setInputFiles('input[type=file]', {name: 'clip.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(3_000_000, 7)});
	await page.getByLabel('Name optional').fill('.hidden');
	await page.getByRole('button', {name: 'Convert', exact: true}).click();
	await page.getByText('a letter or digit first').waitFor();
	equal(await page.locator('#form [aria-invalid=true]').evaluateAll((all) => all.map((node) => node.type)), ['text'], 'what is marked as wrong');
	await page.getByLabel('Name optional').fill('');
	const leaving = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', {cancelable: true})));
	storage.hold();
	await page.getByRole('button', {name: 'Convert', exact: true}).click();
	await page.locator('#form progress').waitFor();
	equal(await leaving(), true, 'asked whether to leave half a file');
	await page.locator('#form').getByRole('button', {name: 'Stop'}).click();
	await page.locator('#form progress').waitFor({state: 'hidden'});
	storage.refuse(true);
	await page.getByRole('button', {name: 'Convert', exact: true}).click();
	await page.getByText('Not started: The file could not be stored').waitFor();
	storage.refuse(false);
	await page.getByRole('button', {name: 'Try again'}).click();
	const row = page.locator('.row', {hasText: 'clip'});
	await row.getByText('Waiting').waitFor();
	equal(await leaving(), false, 'asked whether to leave when all is done');
	equal(storage.stored.get('/input/clip.mp4')?.length, 3_000_000, 'bytes in the storage');
	equal(state.sent.filter((x) => x.source), [{source: 's3://input/clip.mp4', profile: 'program'}], 'the job that was sent');

	Object.assign(state.jobs[0], {status: 'IN_PROGRESS', progress: 0.4});
	await row.getByText('Converting').waitFor();
	ok(Math.abs(await row.locator('progress').evaluate((bar) => bar.value) - 0.4) < 0.01, 'how far it is');
	await picture(page, 'convert');
	Object.assign(state.jobs[0], {status: 'SUCCESSFUL', progress: 1, outputs: [{url: storage.url + '/output/clip.wav?X-Amz-Signature=def', type: 'audio/wav', size: 844}]});
	await row.getByText('Finished').waitFor();
	await row.getByRole('button', {name: 'Play clip'}).click();
	const film = page.locator('#details audio');
	await film.evaluate((node) => node.play().then(() => new Promise((resolve) => node.addEventListener('ended', resolve))));
	await page.locator('#details .files', {hasText: 'clip.wav'}).getByText('844 bytes').waitFor();
	equal(await page.locator('#details').getByRole('link', {name: /Download/}).getAttribute('href'), storage.url + '/output/clip.wav?X-Amz-Signature=def', 'the download');
	await picture(page, 'convert-result');
	await page.keyboard.press('Escape');
	await row.getByRole('button', {name: 'Delete clip'}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete clip'}).click();
	await page.getByText('No jobs yet').waitFor();
}, {answers: /127\.0\.0\.1/})));

test('an address instead of a file, a job cancelled, a job that failed', () => visit(async (page) => {
	const work = await operations(page);
	const state = await converter(page, work);
	await signInAt(page, '/convert.html');
	await page.locator('.chip', {hasText: 'An address'}).click();
	await page.locator('input[type=url]').fill('http://example.com/a.mp4');
	await page.getByRole('button', {name: 'Convert', exact: true}).click();
	await page.getByText('it must begin with https://').waitFor();
	await page.locator('input[type=url]').fill('https://example.com/a.mp4');
	await page.getByLabel('Name optional').fill('clip');
	await page.getByRole('button', {name: 'Convert', exact: true}).click();
	const row = page.locator('.row', {hasText: 'clip'});
	await row.getByText('Waiting').waitFor();
	equal(state.sent.filter((x) => x.source), [{source: 'https://example.com/a.mp4', profile: 'program', name: 'clip'}], 'the job that was sent');
	state.jobs[0].status = 'IN_PROGRESS';
	await row.getByText('Converting').waitFor();
	await row.getByRole('button', {name: 'Cancel clip'}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Cancel the job'}).click();
	await row.getByText('Cancelled').waitFor();
	Object.assign(state.jobs[0], {status: 'FAILED', message: 'No video stream in the input.'});
	await page.click('#again');
	await row.getByText('No video stream in the input.').waitFor();
	await row.locator('.row-name').click();
	await page.locator('#details [role=alert]', {hasText: 'No video stream'}).waitFor();
}));

test('a job tells when, how long and how much; one that failed is converted again; an address that ran out is asked for anew', () => visit(async (page) => {
	const work = await operations(page);
	const state = await converter(page, work);
	const begun = new Date(Date.now() - 3600000);
	const dates = {createdDate: begun.toISOString(), startedDate: begun.toISOString(), completedDate: new Date(+begun + 75000).toISOString()};
	state.jobs = [
		{id: 'j1', name: 'clip', status: 'IN_PROGRESS', progress: 0.42, profile: 'program', source: 's3://input/clip.mp4', outputs: [], ...dates},
		{id: 'j2', name: 'bad', status: 'FAILED', progress: 0, profile: 'program', source: 's3://input/bad.mp4', message: 'No video stream.', outputs: [], ...dates},
		{id: 'j3', name: 'secret', status: 'FAILED', progress: 0, profile: 'program', source: 'https://***:***@example.com/a.mp4', message: 'Refused.', outputs: []},
	];
	await signInAt(page, '/convert.html');
	const row = (name) => page.locator('.row', {hasText: name});
	await row('clip').getByText('42 %').waitFor();
	await row('bad').getByText(/1 min 15 s · No video stream/).waitFor();
	equal(await row('secret').getByRole('button', {name: 'Convert again'}).count(), 0, 'ways to send a mask back');
	await row('bad').getByRole('button', {name: 'Convert again bad'}).click();
	await page.locator('.toast', {hasText: 'clip is on its way'}).waitFor();
	equal(state.sent.filter((x) => x.source), [{source: 's3://input/bad.mp4', profile: 'program', name: 'bad'}], 'the job that was sent');
	state.jobs.shift();

	await row('clip').locator('.row-name').click();
	const panel = page.locator('#details');
	await panel.getByRole('button', {name: 'Cancel'}).waitFor();
	Object.assign(state.jobs[0], {status: 'SUCCESSFUL', progress: 1, outputs: [{url: 'http://127.0.0.1:9/gone.mp4', type: 'VideoFile', size: 14200000}]});
	await panel.getByRole('button', {name: 'Delete'}).waitFor(); /* by itself: cancelling is over */
	const bottom = await page.locator('#toasts').evaluate((node) => node.getBoundingClientRect().bottom);
	ok(bottom <= (await panel.locator('.sheet-foot').boundingBox()).y, 'news above the buttons of the panel, not on them');
	await panel.getByText(/^Finished · program · .* · 1 min 15 s$/).waitFor();
	state.jobs[0].outputs[0].url = 'http://127.0.0.1:9/again.mp4';
	await panel.getByRole('button', {name: 'Ask again'}).click();
	await panel.locator('video[src*=again]').waitFor();
	await picture(page, 'convert-cannot-play');
	await page.keyboard.press('Escape');
	await row('clip').getByText('14.2 MB').waitFor();
}, {answers: /127/}));

test('a job for streaming: packaged after it is converted, or not', () => visit(async (page) => {
	const work = await operations(page);
	const state = await converter(page, work);
	const file = {url: 'http://127.0.0.1:9/clip.mp4', type: 'VideoFile', size: 14200000};
	state.jobs = [{id: 'j1', name: 'clip', status: 'SUCCESSFUL', packaging: 'running', progress: 1, source: 's3://input/clip.mp4', outputs: [file]}];
	await signInAt(page, '/convert.html');
	const row = page.locator('.row', {hasText: 'clip'});
	await row.getByText('Packaging').waitFor();
	await row.getByRole('button', {name: 'Play clip'}).click();
	const panel = page.locator('#details');
	await panel.locator('.files', {hasText: 'clip.mp4'}).waitFor();
	Object.assign(state.jobs[0], {packaging: 'done', outputs: [file, {url: 'http://127.0.0.1:9/index.m3u8', type: 'HLS', size: null}]});
	await panel.locator('.files', {hasText: 'index.m3u8'}).waitFor(); /* by itself */
	await page.keyboard.press('Escape');
	await row.getByText('Finished').waitFor();
	Object.assign(state.jobs[0], {packaging: 'failed', outputs: [file], message: 'It was not packaged.'});
	await page.click('#again');
	await row.getByText('Not packaged').first().waitFor();
	await row.getByRole('button', {name: 'Convert again clip'}).waitFor();
	await row.locator('.row-name').click();
	await panel.locator('[role=alert]', {hasText: 'It was not packaged.'}).waitFor();
}, {answers: /127\.0\.0\.1/}));

test('earlier jobs are a page further', () => visit(async (page) => {
	const work = await operations(page);
	const state = await converter(page, work, {pages: 3});
	state.jobs = Array.from({length: 10}, (_, i) => ({id: 'k' + i, name: 'job' + i, status: 'SUCCESSFUL', progress: 1, outputs: []}));
	await signInAt(page, '/convert.html');
	await page.getByText('Page 1 of 3').waitFor();
	ok(await page.isDisabled('#newer'), 'nothing is newer than the first page');
	await page.click('#older');
	await page.getByText('Page 2 of 3').waitFor();
	await page.click('#older');
	await page.getByText('Page 3 of 3').waitFor();
	ok(await page.isDisabled('#older'), 'nothing is older than the last page');
	ok(state.sent.includes('page 2'), 'asked: ' + state.sent);
	state.pages = 2;
	await page.click('#again');
	await page.getByText('Page 2 of 2').waitFor();
	equal(await page.locator('.row').count(), 10, 'jobs, not none');
}));

test('two apps, no trouble with what OSC and others write', () => visit(async (page) => {
	const work = await operations(page);
	const {systems, productions} = await intercoms(page, work);
	const image = '"><img src=x onerror="window.pwned=1">';
	systems.push({name: image, url: 'javascript:window.pwned=2', operation: null}, {name: 'b', url: 'https://user:secret@example.com/', operation: null});
	productions.push({name: image, lines: [{name: image}, null]}, null);
	work.begin('op-x', 'intercom.create', image, [image]);
	work.fail('op-x', {title: image, detail: image, status: 'x'});
	await signInAt(page, '/intercom.html');
	await page.locator('.system').first().waitFor();
	await page.locator('.production-list').first().waitFor();
	equal(await page.locator('#desk img').count(), 0, 'pictures');
	equal(await page.locator('#desk a[href^="javascript"], #desk a[href*="secret"]').count(), 0, 'links');
	const state = await converter(page, work);
	state.jobs = [{id: 'j1', name: image, status: image, progress: image, outputs: [{url: 'javascript:window.pwned=3//.mp4', type: image, size: image}], message: image}];
	await page.goto('/convert.html');
	await page.locator('.row .row-name').click();
	await page.locator('#details .files, #details [role=alert]').first().waitFor();
	equal(await page.locator('#details video, #details img, #details a').count(), 0, 'made of hostile text');
}));
