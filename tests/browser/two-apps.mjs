/* SPDX-License-Identifier: MIT */
/*
 * The two apps for real, from signing in to the end: browser, web server, executables, and the sandbox's instances, which
 * are real programs.  Nothing is played by the test.  The pictures of README.md are made here.
 */

import {execFileSync} from 'node:child_process';
import {readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {freshName, picture, sandbox, visit, withSandbox} from './browser.mjs';
import {equal, ok, test} from './tap.mjs';
import {signInAt} from './workspace.mjs';

const LONG = {timeout: 300000};
const card = (page) => page.locator('.work');
const step = (page, name) => card(page).locator('li', {has: page.locator('.work-name', {hasText: name})});
const job = (page, name) => page.locator('.row', {has: page.locator('.row-name', {hasText: name})});

/* What OSC was asked since then: {path, method, ...} each. */
async function requests(since = 0)
{
	const log = await (await fetch(sandbox + '/sandbox/requests')).json();
	return log.filter(({id}) => id > since);
}

async function instancesOf(user)
{
	const all = await (await fetch(sandbox + '/sandbox/instances')).json();
	return all.filter(({tenant}) => tenant === user);
}

const renewals = (log) => log.filter(({method, path}) => method === 'POST' && path === '/api/connect/token').length;

async function confirm(page, label)
{
	await page.locator('#confirm').getByRole('button', {name: label}).click();
}

async function makeIntercom(page, name)
{
	await page.locator('#new').click();
	await page.fill('#own-form [name=name]', name);
	await page.click('#create button[type=submit]');
	await card(page).getByText(name + ' is being made').waitFor();
}

async function addProduction(page, system, name, lines)
{
	await page.getByRole('button', {name: 'New production ' + system}).click();
	await page.fill('#own-form [name=production]', name);
	await page.fill('#own-form [name=lines]', lines.join('\n'));
	await page.click('#create button[type=submit]');
	await page.locator('.production-list li', {hasText: name}).getByText(lines.at(-1)).waitFor();
}

async function makePipeline(page)
{
	await page.getByRole('button', {name: 'Make the pipeline'}).click();
	await card(page).getByText('The pipeline is being made').waitFor();
}

/* Seconds of a picture that moves and a tone, as a camera would write them. */
async function withClip(seconds, run)
{
	const file = join(tmpdir(), freshName('clip-') + '.mp4');
	execFileSync('ffmpeg', ['-loglevel', 'error', '-f', 'lavfi', '-i', `testsrc2=duration=${seconds}:size=640x360:rate=25`,
		'-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p',
		'-c:a', 'aac', '-shortest', file]);
	try {
		await run(file);
	} finally {
		rmSync(file);
	}
}

async function convert(page, file, name)
{
	await page.locator('#form input[type=file]').setInputFiles(file);
	await page.locator('#form').getByLabel('Name').fill(name);
	await page.locator('#form').getByRole('button', {name: 'Convert'}).click();
	await job(page, name).waitFor();
}

test('for real: an intercom is made while nobody looks, gets a production, is opened and removed',
    () => withSandbox({healthDelayMs: 1500}, () => visit(async (page, context) => {
	const user = await signInAt(page, '/intercom.html');
	await page.getByText('No intercom yet').waitFor();
	await makeIntercom(page, 'studio');
	await step(page, 'Media server').getByText(/At work|Done/).waitFor();
	await page.close();

	page = await context.newPage();
	await page.goto('/intercom.html');
	await step(page, 'Media server').getByText('Done').waitFor();
	await picture(page, 'intercom-making');
	await card(page).getByText('studio is ready').waitFor(LONG);
	await card(page).getByRole('button', {name: 'Dismiss'}).click();
	await addProduction(page, 'studio', 'Evening show', ['Director', 'Cameras', 'Sound']);
	await page.reload();
	await page.locator('.production-list li', {hasText: 'Evening show'}).getByText('Sound').waitFor();
	await picture(page, 'intercom');

	const [opened] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', {name: /Open the intercom/}).click()]);
	await opened.waitForURL(/^http/);
	const manager = await (await context.request.get('/api/instances/eyevinn-intercom-manager/studio')).json();
	equal(new URL(opened.url()).href, new URL(manager.url).href, 'the address that was opened');
	await opened.close();

	await page.getByRole('button', {name: 'Delete studio'}).click();
	await confirm(page, 'Delete studio');
	await card(page).getByText('studio is removed').waitFor(LONG);
	equal(await instancesOf(user), [], 'instances left in the workspace');
}, {answers: /favicon/})));

test('for real: the plan has no room for all, one button goes on where it failed', () => withSandbox({healthDelayMs: 0, maxInstances: 2}, () => visit(async (page) => {
	await signInAt(page, '/intercom.html');
	await makeIntercom(page, 'small');
	await card(page).getByText('small could not be made').waitFor(LONG);
	await card(page).getByRole('alert').or(card(page).locator('.problem')).first().waitFor();
	await picture(page, 'intercom-failed');
	await withSandbox({maxInstances: 0}, async () => {
		await card(page).getByRole('button', {name: 'Retry'}).click();
		await card(page).getByText('small is ready').waitFor(LONG);
	});
})));

test('for real: a clip is uploaded, converted past the end of the token, played, downloaded, deleted',
    () => withClip(8, (file) => withSandbox({healthDelayMs: 400, accessTokenLifetime: 4}, () => visit(async (page, context) => {
	await signInAt(page, '/convert.html');
	await page.getByText('No pipeline yet').waitFor();
	await makePipeline(page);
	await page.locator('#studio:visible').waitFor(LONG);
	await picture(page, 'convert-made');
	await card(page).getByRole('button', {name: 'Dismiss'}).click();
	await page.getByText('The pipeline is ready.', {exact: true}).first().waitFor();

	await withSandbox({transcodeRate: 1}, async () => {
		await convert(page, file, 'holiday');
		await job(page, 'holiday').getByText('Converting').waitFor(LONG);
		const begun = (await requests()).at(-1).id;
		await page.waitForFunction(() => document.querySelector('.row progress')?.value > 0.3, null, LONG);
		await page.locator('#list').scrollIntoViewIfNeeded();
		await picture(page, 'convert-progress');
		await job(page, 'holiday').getByText('Finished').waitFor(LONG);
		const renewed = renewals(await requests(begun));
		ok(renewed > 0, 'the token was renewed while it was converted: ' + renewed);
		equal(await page.locator('#notes > *').count(), 0, 'notices that the visitor saw');
	});

	await job(page, 'holiday').getByRole('button', {name: 'Play holiday'}).click();
	const film = page.locator('#details video');
	await film.evaluate((video) => {
		video.muted = true;
		return video.play();
	});
	await page.waitForFunction(() => document.querySelector('#details video').currentTime > 0.5);
	ok(await film.evaluate((video) => video.videoWidth > 0 && video.duration > 7), 'a picture, as long as the clip');
	await picture(page, 'convert-played');

	const link = page.locator('#details .files a').first();
	const download = new Promise((resolve) => {
		page.on('download', resolve);
		context.on('page', (tab) => tab.on('download', resolve));
	});
	await link.click();
	const got = await download;
	const path = await got.path();
	ok(statSync(path).size > 1000 && readFileSync(path).includes('ftyp'), 'the file that was downloaded: ' + got.suggestedFilename());

	await page.locator('#details').getByRole('button', {name: 'Delete'}).click();
	await confirm(page, 'Delete holiday');
	await page.getByText('No jobs yet').waitFor();
}))));

test('for real: an address that is refused, a job that is cancelled, one that fails', () => withClip(20, (file) => withSandbox({healthDelayMs: 0}, () => visit(async (page) => {
	await signInAt(page, '/convert.html');
	await makePipeline(page);
	await page.locator('#studio:visible').waitFor(LONG);
	await withSandbox({transcodeRate: 0.5}, async () => {
		await convert(page, file, 'slow');
		await job(page, 'slow').getByRole('button', {name: 'Cancel slow'}).click();
		await confirm(page, 'Cancel the job');
		await job(page, 'slow').getByText('Cancelled').waitFor(LONG);
	});
	await page.getByLabel('An address').check();
	await page.fill('#form input[type=url]', 'https://127.0.0.1:9/nothing.mp4');
	await page.locator('#form').getByLabel('Name').fill('nowhere');
	await page.locator('#form').getByRole('button', {name: 'Convert'}).click();
	await job(page, 'nowhere').getByText('Failed').waitFor(LONG);
	await job(page, 'nowhere').locator('.row-name').click();
	await page.locator('#details .notice.bad').getByText('nothing.mp4').waitFor();
	await page.keyboard.press('Escape');
	await job(page, 'nowhere').getByRole('button', {name: 'Delete nowhere'}).click();
	await confirm(page, 'Delete nowhere');
	await job(page, 'nowhere').waitFor({state: 'detached'});
}, {answers: /convert/}))));

test('for real: two visitors at the same time see nothing of each other', () => withClip(1, (file) => withSandbox({healthDelayMs: 300}, () =>
    visit((ada) => visit(async (bob) => {
	const both = (run) => Promise.all([run(ada, 'ada'), run(bob, 'bob')]);
	await both((page) => signInAt(page, '/intercom.html'));
	await both((page) => makeIntercom(page, 'studio'));
	await both((page) => card(page).getByText('studio is ready').waitFor(LONG));
	await both((page, who) => addProduction(page, 'studio', 'Show of ' + who, ['Line of ' + who]));
	await both((page) => page.reload());
	await both((page, who) => page.locator('.production-list').getByText('Line of ' + who).waitFor());
	ok(!(await ada.content()).includes('of bob') && !(await bob.content()).includes('of ada'), 'productions of the other');

	await both((page) => page.goto('/convert.html'));
	await both(makePipeline);
	await both((page) => page.locator('#studio:visible').waitFor(LONG));
	await both((page, who) => convert(page, file, 'film-of-' + who));
	await both((page, who) => job(page, 'film-of-' + who).getByText('Finished').waitFor(LONG));
	ok(!(await ada.content()).includes('of-bob') && !(await bob.content()).includes('of-ada'), 'films of the other');
})))));
