/* SPDX-License-Identifier: MIT */
/* The other kinds of things in a workspace for real: browser, web server, executables, sandbox, nothing played by the test. */

import {freshName, picture, sandbox, signIn, visit, withSandbox} from './browser.mjs';
import {createInstance, openForm} from './main-job.mjs';
import {equal, ok, test} from './tap.mjs';
import {signInAt} from './workspace.mjs';

const row = (page, name) => page.locator('.row', {has: page.locator('.row-name', {hasText: new RegExp(`^${name}\\b`)})});

/* What happens to an instance or job on the platform's side. */
async function change(user, service, name, how)
{
	const answer = await fetch(`${sandbox}/sandbox/instances/${user}/${service}/${name}`, {
		method: 'PATCH', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(how),
	});
	equal(answer.ok, true, 'the sandbox does that');
}

async function confirm(page, label)
{
	await page.locator('#confirm').getByRole('button', {name: label}).click();
}

test('for real: a job runs to its end and is deleted', () => withSandbox({jobDelayMs: 600000}, () => visit(async (page) => {
	const user = await signInAt(page, '/jobs.html');
	await page.getByText('No jobs', {exact: true}).waitFor();
	await openForm(page, 'FFmpeg');
	const name = await page.inputValue('#create-form [name=name]');
	await page.fill('#create-form [name=cmdLineArgs]', '-i https://example.com/in.mp4 s3://out/a.mp4');
	await page.locator('#create-form summary', {hasText: 'more options'}).click();
	await page.fill('#create-form [name=awsSecretAccessKey]', 'KeyThatNobodySees1');
	await page.click('#create button[type=submit]');
	await row(page, name).getByText('At work').waitFor();
	await change(user, 'eyevinn-ffmpeg-s3', name, {health: 'SuccessCriteriaMet'});
	await row(page, name).getByText('Finished').waitFor();
	await row(page, name).locator('.row-name').click();
	await page.locator('#details .log').filter({hasText: /\S/}).waitFor();
	ok(!(await page.content()).includes('KeyThatNobodySees1'), 'the key is nowhere in the page');
	await page.locator('#details').getByRole('button', {name: 'Delete'}).click();
	await confirm(page, 'Delete ' + name);
	await page.getByText('No jobs', {exact: true}).waitFor();
})));

test('for real: an app is built, runs, is rebuilt and deleted', () => visit(async (page) => {
	await signInAt(page, '/apps.html');
	await page.getByText('No apps yet').waitFor();
	const name = freshName('app');
	await page.click('#new');
	await page.fill('#own-form [name=name]', name);
	await page.fill('#own-form [name=gitHubUrl]', 'https://github.com/acme/site');
	await page.click('#create button[type=submit]');
	await row(page, name).getByText(/Building|Running/).waitFor();
	await row(page, name).getByText('Running').waitFor({timeout: 300000});
	await row(page, name).getByRole('button', {name: 'Rebuild ' + name}).click();
	await confirm(page, 'Rebuild');
	await page.locator('.toast', {hasText: 'is being rebuilt'}).waitFor();
	await row(page, name).getByRole('button', {name: 'Delete ' + name}).click();
	await confirm(page, 'Delete ' + name);
	await page.getByText('No apps yet').waitFor();
}));

test('for real: a secret is kept, changed and deleted', () => visit(async (page) => {
	await signIn(page);
	await createInstance(page, freshName('m'));
	await page.goto('/secrets.html');
	await page.selectOption('#service', 'minio-minio');
	await page.getByText('No secrets for MinIO').waitFor();
	await page.click('#new');
	await page.fill('#own-form [name=secretName]', 'rootpass');
	await page.fill('#own-form [name=value]', 'Swordfish1');
	await page.click('#create button[type=submit]');
	await row(page, 'rootpass').waitFor();
	await row(page, 'rootpass').getByRole('button', {name: 'Change rootpass'}).click();
	await page.fill('#own-form [name=value]', 'Marlin2');
	await page.click('#create button[type=submit]');
	await page.locator('.toast', {hasText: 'rootpass is changed.'}).waitFor();
	await row(page, 'rootpass').getByRole('button', {name: 'Delete rootpass'}).click();
	await confirm(page, 'Delete rootpass');
	await page.getByText('No secrets for MinIO').waitFor();
}));

test('for real: a solution is made, shows what it made, and is removed', () => withSandbox({solutionStepMs: 600, healthDelayMs: 0}, () => visit(async (page) => {
	await signInAt(page, '/solutions.html');
	const name = freshName('s');
	await page.click('#new');
	await page.locator('.offer', {hasText: 'Parameter store'}).click();
	await page.fill('#own-form [name=name]', name);
	await page.fill('#own-form [name=variables]', 'name = paramstore');
	await page.click('#create button[type=submit]');
	await row(page, name).getByText(/Waiting|Being made|Ready/).waitFor();
	await row(page, name).getByText('Ready').waitFor({timeout: 300000});
	await row(page, name).locator('.row-name').click();
	await page.locator('#details .facts a').first().waitFor();
	await page.locator('#details .log').filter({hasText: /\S/}).waitFor();
	await picture(page, 'whole-solution');
	await page.locator('#details').getByRole('button', {name: 'Delete'}).click();
	await confirm(page, 'Delete ' + name);
	await row(page, name).waitFor({state: 'detached', timeout: 60000});
})));

test('for real: an instance\'s log, ports, internal address, size and restart; suspended, it is resumed', () => withSandbox({healthDelayMs: 0}, () => visit(async (page) => {
	const user = await signIn(page);
	const name = freshName('v');
	await openForm(page, 'Valkey');
	await page.fill('#create-form [name=name]', name);
	await page.click('#create button[type=submit]');
	await page.waitForSelector('.birth');
	await page.getByRole('button', {name: 'Done'}).click();
	await row(page, name).getByText('Running').waitFor({timeout: 300000});
	await row(page, name).locator('.row-name').click();
	await page.locator('#details summary', {hasText: 'Log'}).click();
	await page.locator('#details .log').filter({hasText: /\S/}).waitFor();
	await page.locator('#details summary', {hasText: 'Ports'}).click();
	await page.locator('#details .table td').first().waitFor();
	await page.locator('#details summary', {hasText: 'Size'}).click();
	await page.locator('#details .fold-body').last().filter({hasText: /always runs as one|Running side by side/}).waitFor();
	await picture(page, 'whole-instance');
	await page.locator('#details').getByRole('button', {name: 'Restart'}).click();
	await confirm(page, 'Restart ' + name);
	await page.locator('.toast', {hasText: name + ' is restarting.'}).waitFor();
	await page.keyboard.press('Escape');

	await change(user, 'valkey-io-valkey', name, {suspended: 'idle'});
	await page.reload();
	await page.locator('#suspended').getByRole('button', {name: 'Resume ' + name}).click();
	await page.locator('#suspended').waitFor({state: 'hidden'});
	await page.locator('#groups').locator('.row-name', {hasText: name}).waitFor({timeout: 300000});
}, {answers: /ports|scale|endpoint/})));
