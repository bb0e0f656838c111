/* SPDX-License-Identifier: MIT */
/* The pages beside the dashboard, each with something in it: for what is looked at on all of them. */

import {answerWith} from './browser.mjs';
import {signInAt} from './workspace.mjs';

const LONG = 'a'.repeat(20);
const step = (name, status, more = {}) => ({name, serviceId: 'eyevinn-docker-wrtc-sfu', instance: LONG, status, startedAt: 1764000000, endedAt: 1764000065, ...more});

async function furnish(page)
{
	await answerWith(page, 'services', {json: [
		{serviceId: 'eyevinn-ffmpeg-s3', serviceType: 'job', serviceMetadata: {title: 'FFmpeg'}, serviceInstanceOptions: []},
		{serviceId: 'minio-minio', serviceType: 'instance', serviceMetadata: {title: 'MinIO'}, serviceInstanceOptions: []},
	]});
	await answerWith(page, 'jobs/eyevinn-ffmpeg-s3', {json: ['Running', 'Complete', 'Failed'].map((status, i) => ({name: LONG.slice(1) + i, status}))});
	await answerWith(page, 'jobs/.*/logs', {body: 'frame=1 ' + 'x'.repeat(300)});
	await answerWith(page, 'apps', {json: ['building', 'running', 'failed'].map((buildStatus, i) => ({id: 'app' + i, name: 'app' + i, type: 'nodejs', buildStatus,
		gitHubUrl: 'https://github.com/acme/site', url: i ? `https://acme-${LONG}.eyevinn-web-runner.auto.prod-se.osaas.io` : ''}))});
	await answerWith(page, 'secrets/.*', {json: [{serviceId: 'minio-minio', secretName: LONG.repeat(3)}]});
	await answerWith(page, 'solutions', {json: ['running', 'succeeded', 'failed', 'destroying'].map((status, i) => ({id: 'u' + i, name: 'solution' + i, status,
		error: status === 'failed' ? 'The plan is full. ' + 'y'.repeat(120) : null, repoUrl: 'https://github.com/EyevinnOSC/terraform-examples/tree/main/examples/intercom',
		outputs: {Manager_url: {value: `https://acme-${LONG}.osaas.io`, sensitive: false}}}))});
	await answerWith(page, 'solutions/.*/log', {json: {lines: [{timestamp: '2026-01-02T03:04:06.000Z', level: 'error', message: 'z'.repeat(200)}], next: 1, done: true}});
	await answerWith(page, 'operations', {json: {operations: ['intercom.create', 'convert.pipeline'].map((kind) => ({id: kind, kind, system: LONG, status: 'failed', progress: 0.5,
		steps: [step('media-server', 'succeeded'), step('database', 'failed', {detail: 'not ready: ' + 'w'.repeat(80)}), step('intercom', 'pending', {startedAt: null, endedAt: null})],
		result: null, error: {title: 'The database did not come up', status: 502, detail: 'Its log ends: ' + 'v'.repeat(150)}, createdAt: 1764000000, updatedAt: 1764000100}))}});
	await answerWith(page, 'intercom', {json: {systems: [{name: LONG, url: 'https://acme.example.osaas.io/', operation: null}]}});
	await answerWith(page, 'intercom/.*/productions', {json: {total: 1, productions: [{productionId: '1', name: 'Show ' + 'u'.repeat(60), lines: [{name: 'Director'}, {name: 't'.repeat(90)}]}]}});
	await answerWith(page, 'convert/pipeline', {json: {status: 'ready', streaming: true}});
	await answerWith(page, 'convert/jobs', {json: {pages: 3, jobs: ['IN_PROGRESS', 'SUCCESSFUL', 'FAILED', 'CANCELLED'].map((status, i) => ({id: 'j' + i, name: 'clip' + i, status,
		progress: 0.4, message: status === 'FAILED' ? 'No video stream. ' + 's'.repeat(90) : null, outputs: []}))}});
	await answerWith(page, 'convert/jobs/j1', {json: {id: 'j1', name: 'clip1', status: 'SUCCESSFUL', progress: 1, outputs: [{url: 'https://acme.osaas.io/output/' + LONG.repeat(3) + '.txt', type: 'text/plain', size: 12345}]}});
}

/* look(where) on every page, and with every panel open. */
export async function everyPage(page, look)
{
	await furnish(page);
	await signInAt(page, '/jobs.html');
	for (const file of ['jobs', 'apps', 'secrets', 'solutions', 'intercom', 'convert']) {
		await page.goto(`/${file}.html`);
		await page.locator('#groups .row .row-name, .system .line').first().waitFor();
		await look(file);
		if (file === 'convert') {
			await page.locator('.row-name', {hasText: 'clip1'}).click();
			await page.locator('#details .files').waitFor();
			await look(file + '-result');
			continue;
		}
		if (!['secrets', 'intercom'].includes(file)) {
			await page.locator('#groups .row-name').nth(1).click();
			await page.locator('#details .sheet-body h3').first().waitFor();
			await page.waitForTimeout(200);
			await look(file + '-details');
			await page.keyboard.press('Escape');
		}
		await page.click('#new');
		await page.locator('#own-form, .offer').first().waitFor();
		await look(file + '-new');
		await page.keyboard.press('Escape');
		await page.locator('#groups, .system').locator('button', {hasText: 'Delete'}).first().click();
		await page.waitForSelector('#confirm[open]');
		await look(file + '-confirm');
		await page.keyboard.press('Escape');
	}
}
