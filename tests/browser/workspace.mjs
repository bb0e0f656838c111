/* SPDX-License-Identifier: MIT */
/* What else a workspace has: jobs, apps, secrets, solutions, and the log, ports, size, restart and resume of instances. */

import {answerWith, freshName, passSandbox, picture, problem, until, visit} from './browser.mjs';
import {equal, ok, test} from './tap.mjs';

/* A new visitor on one of the other pages. */
export async function signInAt(page, file, user = freshName('visitor'))
{
	await page.goto(file);
	await page.click('#signin');
	await passSandbox(page, user);
	await page.waitForURL('**' + file);
	await page.waitForSelector('#desk:visible');
	return user;
}

const row = (page, name) => page.locator('.row', {has: page.locator('.row-name', {hasText: new RegExp(`^${name}\\b`)})});
const ffmpeg = {
	serviceId: 'eyevinn-ffmpeg-s3', apiUrl: 'https://api.example.osaas.io/ffmpeg-s3job', serviceType: 'job', status: 'PUBLISHED',
	serviceMetadata: {title: 'FFmpeg', description: 'Runs ffmpeg'},
	serviceInstanceOptions: [
		{name: 'name', label: 'Name', type: 'string', mandatory: true},
		{name: 'cmdLineArgs', label: 'Command line', type: 'string', mandatory: true},
	],
};
const minio = {serviceId: 'minio-minio', apiUrl: 'https://api.example.osaas.io/minioinstance', serviceType: 'instance', serviceMetadata: {title: 'MinIO'},
	serviceInstanceOptions: []};

test('the pages lead to each other, and say which one this is', () => visit(async (page) => {
	await answerWith(page, 'apps', {json: []});
	await answerWith(page, 'solutions', {json: []});
	await answerWith(page, 'secrets/.*', {json: []});
	await answerWith(page, 'jobs/.*', {json: []});
	await signInAt(page, '/jobs.html');
	for (const [label, title] of [['Apps', 'Apps'], ['Secrets', 'Secrets'], ['Solutions', 'Solutions'], ['Instances', 'Instances'], ['Jobs', 'Jobs']]) {
		await page.locator('#pages').getByRole('link', {name: label, exact: true}).click();
		await page.getByRole('heading', {level: 1, name: title}).waitFor();
		equal(await page.locator('#pages [aria-current=page]').textContent(), label, 'marked as this one');
		await page.locator('#list[aria-busy=false]').waitFor();
	}
}));

test('a job: started, watched until it ends, its log read, deleted', () => visit(async (page) => {
	let job = null;
	let logs = 0;
	await answerWith(page, 'services', {json: [ffmpeg, minio]});
	await answerWith(page, 'jobs/eyevinn-ffmpeg-s3', (request) => {
		if (request.method() === 'GET')
			return {json: job ? [job] : []};
		job = {...request.postDataJSON(), status: 'Running'};
		return {status: 201, json: job};
	});
	await answerWith(page, 'jobs/eyevinn-ffmpeg-s3/[^/]+', () => {
		job = null;
		return {status: 204};
	});
	await answerWith(page, 'jobs/eyevinn-ffmpeg-s3/[^/]+/logs', () => ({body: `frame=${++logs} <b onload=x>\n`}));
	await signInAt(page, '/jobs.html');
	await page.getByText('No jobs', {exact: true}).waitFor();
	await page.locator('.empty').getByRole('button', {name: 'New job'}).click();
	equal(await page.locator('.offer').allTextContents().then((all) => all.filter((text) => /MinIO/.test(text)).length), 0, 'instances offered as jobs');
	await page.locator('.offer', {hasText: 'FFmpeg'}).click();
	await page.waitForSelector('#create-form');
	const name = await page.inputValue('#create-form [name=name]');
	ok(/^[a-z0-9]{1,20}$/.test(name), 'a name is proposed: ' + name);
	await page.fill('#create-form [name=cmdLineArgs]', '-i s3://input/a.mp4 s3://output/a.jpg');
	await page.click('#create button[type=submit]');
	await row(page, name).getByText('At work').waitFor();
	equal(job.cmdLineArgs, '-i s3://input/a.mp4 s3://output/a.jpg', 'what was sent');

	await row(page, name).locator('.row-name').click();
	await page.locator('#details .log', {hasText: 'frame='}).waitFor();
	await picture(page, 'job');
	await page.keyboard.press('Escape');
	job = {...job, status: 'SuccessCriteriaMet'};
	await row(page, name).getByText('Finished').waitFor();
	const before = logs;
	await page.waitForTimeout(6000);
	equal(logs, before, 'asked for the log of a closed panel');

	await row(page, name).getByRole('button', {name: 'Delete ' + name}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete ' + name}).click();
	await page.getByText('No jobs', {exact: true}).waitFor();
	ok(await page.evaluate(() => document.activeElement !== document.body), 'the focus is somewhere');
}));

test('a job service that fails costs only its own rows', () => visit(async (page) => {
	await answerWith(page, 'services', {json: [ffmpeg, {...ffmpeg, serviceId: 'other-job', serviceMetadata: {title: 'Other'}}]});
	await answerWith(page, 'jobs/eyevinn-ffmpeg-s3', {json: [{name: 'one', status: 'Complete'}]});
	await answerWith(page, 'jobs/other-job', problem(502, 'OSC did not answer', 'It is away.', {service: 'other-job', status: 500}));
	await signInAt(page, '/jobs.html');
	await row(page, 'one').getByText('Finished').waitFor();
	await page.getByText('Other did not answer').waitFor();
	await page.getByText('It is away.').waitFor();
}, {answers: /jobs/}));

test('an app: deployed, built, rebuilt, deleted', () => visit(async (page) => {
	let app = null;
	const sent = [];
	await answerWith(page, 'apps', (request) => {
		if (request.method() === 'GET')
			return {json: app ? [app] : []};
		sent.push(request.postDataJSON());
		app = {id: 'mysite', ...sent[0], buildStatus: 'building'};
		return {status: 201, json: app};
	});
	await answerWith(page, 'apps/mysite/rebuild', () => {
		app = {...app, buildStatus: 'building'};
		return {status: 204};
	});
	await answerWith(page, 'apps/mysite', () => {
		app = null;
		return {status: 204};
	});
	await signInAt(page, '/apps.html');
	await page.locator('.empty').getByRole('button', {name: 'New app'}).click();
	await page.fill('#own-form [name=name]', 'mysite');
	await page.fill('#own-form [name=gitHubUrl]', 'http://example.com/');
	await page.click('#create button[type=submit]');
	await page.getByText('This does not fit the pattern').waitFor();
	equal(sent.length, 0, 'sent before it was right');
	await page.fill('#own-form [name=gitHubUrl]', 'https://github.com/acme/site');
	await page.click('#create button[type=submit]');
	await row(page, 'mysite').getByText('Building').waitFor();
	equal(sent[0], {name: 'mysite', gitHubUrl: 'https://github.com/acme/site', type: 'nodejs'}, 'what was sent');
	app = {...app, buildStatus: 'running', url: 'https://acme-mysite.example.osaas.io', appDns: 'a1.apps.osaas.io'};
	await row(page, 'mysite').getByText('Running').waitFor();
	equal(await row(page, 'mysite').locator('a').getAttribute('href'), 'https://acme-mysite.example.osaas.io/', 'its address');

	await row(page, 'mysite').locator('.row-name').click();
	await page.locator('#details').getByText('a1.apps.osaas.io').waitFor();
	await picture(page, 'app');
	await page.locator('#details').getByRole('button', {name: 'Rebuild'}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Rebuild'}).click();
	await row(page, 'mysite').getByText('Building').waitFor();
	await row(page, 'mysite').getByRole('button', {name: 'Delete mysite'}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete mysite'}).click();
	await page.getByText('No apps yet').waitFor();
}));

test('secrets: kept, changed, deleted, and never shown', () => visit(async (page) => {
	const kept = {'minio-minio': [], 'eyevinn-ffmpeg-s3': ['a']};
	const sent = [];
	await answerWith(page, 'services', {json: [ffmpeg, minio]});
	await answerWith(page, 'secrets/[^/]+', (request) => {
		const sid = new URL(request.url()).pathname.split('/').at(-1);
		if (request.method() === 'GET')
			return {json: kept[sid].map((secretName) => ({serviceId: sid, secretName}))};
		const {name, value} = request.postDataJSON();
		sent.push(`${sid} ${name} ${value}`);
		kept[sid].push(name);
		return {status: 201, json: {serviceId: sid, secretName: name}};
	});
	await answerWith(page, 'secrets/[^/]+/[^/]+', (request) => {
		const [sid, name] = new URL(request.url()).pathname.split('/').slice(-2);
		sent.push(`${request.method()} ${sid} ${name} ${request.postDataJSON()?.value ?? ''}`.trim());
		if (request.method() === 'DELETE')
			kept[sid] = kept[sid].filter((secret) => secret !== name);
		return {status: 204};
	});
	await signInAt(page, '/secrets.html');
	await page.selectOption('#service', 'minio-minio');
	await page.getByText('No secrets for MinIO').waitFor();
	await page.click('#new');
	await page.fill('#own-form [name=secretName]', 'rootpass');
	await page.fill('#own-form [name=value]', 'Swordfish1');
	equal(await page.getAttribute('#own-form [name=value]', 'type'), 'password', 'hidden while it is entered');
	await page.click('#create button[type=submit]');
	await row(page, 'rootpass').getByText('{{secrets.rootpass}}').waitFor();
	ok(!(await page.content()).includes('Swordfish1'), 'the value is nowhere in the page');
	await page.click('#new');
	await page.fill('#own-form [name=secretName]', 'rootpass');
	await page.fill('#own-form [name=value]', 'again');
	await page.click('#create button[type=submit]');
	await page.getByText('There is one of this name').waitFor();
	await page.keyboard.press('Escape');
	await picture(page, 'secrets');

	await row(page, 'rootpass').getByRole('button', {name: 'Change rootpass'}).click();
	await page.fill('#own-form [name=value]', 'Marlin2');
	await page.click('#create button[type=submit]');
	await page.locator('.toast', {hasText: 'rootpass is changed.'}).waitFor();
	await page.reload();
	await row(page, 'rootpass').waitFor();
	equal(await page.inputValue('#service'), 'minio-minio', 'the service is still chosen');
	await row(page, 'rootpass').getByRole('button', {name: 'Delete rootpass'}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete rootpass'}).click();
	await page.getByText('No secrets for MinIO').waitFor();
	equal(sent, ['minio-minio rootpass Swordfish1', 'PUT minio-minio rootpass Marlin2', 'DELETE minio-minio rootpass'], 'what was sent');
}, {answers: /secrets/}));

test('a solution: made, its log and outputs read, removed', () => visit(async (page) => {
	let solution = null;
	let sent = null;
	await answerWith(page, 'solutions', (request) => {
		if (request.method() === 'GET')
			return {json: solution ? [solution] : []};
		sent = request.postDataJSON();
		solution = {id: 'u-1', status: 'queued', error: null, ...sent};
		return {status: 201, json: solution};
	});
	await answerWith(page, 'solutions/u-1', () => {
		solution = {...solution, status: 'destroying'};
		return {status: 204};
	});
	await answerWith(page, 'solutions/u-1/log', (request) => {
		const offset = Number(new URL(request.url()).searchParams.get('offset'));
		const lines = [{timestamp: '2026-01-02T03:04:06.000Z', level: 'info', message: 'Repository files downloaded'}];
		return {json: {lines: lines.slice(offset), next: 1, done: false}};
	});
	await signInAt(page, '/solutions.html');
	await page.locator('.empty').getByRole('button', {name: 'New solution'}).click();
	await page.locator('.offer', {hasText: 'Intercom'}).click();
	await page.fill('#own-form [name=name]', 'mine');
	await page.fill('#own-form [name=variables]', 'intercom_name = mine\nreplicas = 2\nlist = ["a"]');
	await page.click('#create button[type=submit]');
	await row(page, 'mine').getByText('Waiting').waitFor();
	equal(sent, {name: 'mine', repoUrl: 'https://github.com/EyevinnOSC/terraform-examples/tree/main/examples/intercom',
		variables: {intercom_name: 'mine', replicas: 2, list: ['a']}}, 'what was sent');
	solution = {...solution, status: 'succeeded', outputs: {Manager_url: {value: 'https://acme-mine.example.osaas.io', type: 'string', sensitive: false},
		Password: {value: 'Hidden-value', type: 'string', sensitive: true}}};
	await row(page, 'mine').getByText('Ready').waitFor();
	await row(page, 'mine').locator('.row-name').click();
	await page.locator('#details .log', {hasText: '03:04:06 Repository files downloaded'}).waitFor();
	await page.locator('#details a', {hasText: 'acme-mine'}).waitFor();
	ok(!(await page.content()).includes('Hidden-value'), 'a sensitive output is not shown');
	await picture(page, 'solution');
	await page.locator('#details').getByRole('button', {name: 'Delete'}).click();
	await page.locator('#confirm').getByRole('button', {name: 'Delete mine'}).click();
	await row(page, 'mine').getByText('Being removed').waitFor();
	solution = null;
	await page.getByText('No solutions yet').waitFor();
}));

test('an instance\'s log, ports, internal address, size and restart', () => visit(async (page) => {
	const asked = [];
	const at = 'instances/minio-minio/one';
	await answerWith(page, 'instances', {json: {instances: [{serviceId: 'minio-minio', name: 'one', url: 'https://one.osaas.io/', status: 'running'}], errors: []}});
	await answerWith(page, at, {json: {name: 'one', url: 'https://one.osaas.io/'}});
	await answerWith(page, at + '/logs', (request) => {
		asked.push(new URL(request.url()).search);
		return {body: Array.from({length: 60}, (_, i) => `line ${i}`).join('\n')};
	});
	await answerWith(page, at + '/ports', {json: [{externalIp: '203.0.113.7', externalPort: 10508, internalPort: 6379}]});
	await answerWith(page, at + '/endpoint', {json: {serviceDns: 'one.acme.svc', ports: [{name: 'redis', port: 6379, protocol: 'TCP'}], publicAccess: false}});
	await answerWith(page, at + '/scale', (request) => {
		asked.push(request.method() + ' ' + (request.postData() ?? ''));
		return request.method() === 'GET' ? {json: {desiredReplicas: 1}} : {json: {desiredReplicas: 3}};
	});
	let restarts = 0;
	await answerWith(page, at + '/restart', () => (++restarts === 1
	    ? problem(502, 'OSC did not do it', 'The orchestrator is away.', {service: 'minio-minio', status: 500}) : {status: 204}));
	await page.goto('/dashboard.html');
	await page.click('#signin');
	await passSandbox(page, freshName('visitor'));
	await row(page, 'one').locator('.row-name').click();

	await page.locator('#details summary', {hasText: 'Log'}).click();
	await page.locator('#details .log', {hasText: 'line 59'}).waitFor();
	const log = page.locator('#details .log');
	ok(await log.evaluate((node) => node.scrollTop > 0), 'the end is shown first');
	await log.evaluate((node) => { node.scrollTop = 0; });
	await page.locator('#details .log-tools select').selectOption('1000');
	await until(() => asked.includes('?tail=1000'));
	await page.waitForTimeout(400);
	equal(await log.evaluate((node) => node.scrollTop), 0, 'who reads above is not moved');
	equal([...new Set(asked)], ['?tail=100', '?tail=1000'], 'how much was asked for');

	await page.locator('#details summary', {hasText: 'Ports'}).click();
	await page.locator('#details td', {hasText: '203.0.113.7:10508'}).waitFor();
	await page.locator('#details dd', {hasText: 'one.acme.svc:6379'}).waitFor();
	await page.locator('#details summary', {hasText: 'Size'}).click();
	await page.locator('#details input[type=number]').waitFor();
	equal(await page.inputValue('#details input[type=number]'), '1', 'the size');
	await page.fill('#details input[type=number]', '3');
	await page.locator('#details').getByRole('button', {name: 'Change'}).click();
	await page.locator('.toast', {hasText: 'The size is changed.'}).waitFor();
	ok(asked.includes('PUT {"desiredReplicas":3}'), 'the size that was sent: ' + asked);
	await picture(page, 'instance');

	const restart = async () => {
		await page.locator('#details').getByRole('button', {name: 'Restart'}).click();
		await page.locator('#confirm').getByRole('button', {name: 'Restart one'}).click();
	};
	await restart();
	await page.getByText('Not restarted: OSC did not do it').waitFor();
	await restart();
	await page.locator('.toast', {hasText: 'one is restarting.'}).waitFor();
}, {answers: /restart/}));

test('what OSC suspended is listed apart, and comes back', () => visit(async (page) => {
	let suspended = true;
	await answerWith(page, 'suspended', () => ({json: suspended ? [{serviceId: 'encore', instanceName: 'mine', reason: 'idle', suspendedAt: '2026-09-29T08:00:00Z'}] : []}));
	await answerWith(page, 'instances', () => ({json: {instances: suspended ? [] : [{serviceId: 'encore', name: 'mine', url: '', status: 'running'}], errors: []}}));
	let fails = true;
	await answerWith(page, 'suspended/encore/mine/resume', () => {
		if (fails)
			return problem(403, 'OSC refused', 'No tokens are left.', {service: 'deploy-manager', status: 403});
		suspended = false;
		return {status: 204};
	});
	await page.goto('/dashboard.html');
	await page.click('#signin');
	await passSandbox(page, freshName('visitor'));
	const card = page.locator('#suspended');
	await card.getByText('Nobody used it').waitFor();
	await picture(page, 'suspended');
	await card.getByRole('button', {name: 'Resume mine'}).click();
	await page.getByText('mine was not resumed: OSC refused').waitFor();
	fails = false;
	await card.getByRole('button', {name: 'Resume mine'}).click();
	await page.locator('.toast', {hasText: 'mine is being resumed'}).waitFor();
	await page.locator('#groups').getByText('mine', {exact: false}).first().waitFor();
	await card.waitFor({state: 'hidden'});
}, {answers: /resume/}));

test('200 jobs: quickly there, and each is found', () => visit(async (page) => {
	await answerWith(page, 'services', {json: [ffmpeg]});
	await answerWith(page, 'jobs/eyevinn-ffmpeg-s3', {json: Array.from({length: 200}, (_, i) => ({name: 'job' + i, status: i % 3 ? 'Complete' : 'Failed'}))});
	await signInAt(page, '/jobs.html');
	await page.waitForSelector('.row .row-name');
	equal(await page.locator('#groups .row').count(), 200, 'rows');
	await page.fill('#filter', 'job137');
	equal(await page.locator('#groups .row').count(), 1, 'rows that fit');
	await page.fill('#filter', 'no such thing');
	await page.getByRole('button', {name: 'Show all'}).click();
	equal(await page.locator('#groups .row').count(), 200, 'rows again');
}));

for (const file of ['jobs', 'apps', 'secrets', 'solutions']) {
	test(`${file}.html: trouble says why and what to do, and is over when it is over`, () => visit(async (page) => {
		let down = true;
		const list = () => (down ? problem(502, 'It did not work', 'The platform said no.', {service: 'deploy-manager', status: 500}) : {json: []});
		await answerWith(page, 'services', () => (file === 'jobs' ? list() : {json: [minio]}));
		await answerWith(page, file === 'secrets' ? 'secrets/.*' : file, list);
		await signInAt(page, `/${file}.html`);
		const alert = page.locator('#trouble');
		await alert.getByText(`Your ${file} cannot be shown: It did not work`).waitFor();
		await alert.getByText('The platform said no.').waitFor();
		down = false;
		await alert.getByRole('button', {name: 'Try again'}).click();
		await page.locator('.empty').waitFor();
		equal(await page.locator('#trouble').count(), 0, 'the trouble is over');
	}, {answers: /api/}));
}
