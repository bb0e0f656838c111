/* SPDX-License-Identifier: MIT */
/* Every function that the platform's client offers to a visitor, on the sandbox. */
'use strict';

const osc = require('@osaas/client-core');
const sandbox = require('./sandbox.cjs');
const {equal, eventually, fails, test} = require('./tap.cjs');

const ADSERVER = 'eyevinn-test-adserver';
const VALKEY = 'valkey-io-valkey';
const FFMPEG = 'eyevinn-ffmpeg-s3';

let acme, other, sat;

test('a visitor\'s token makes a context', async () => {
	await sandbox.control('POST', '/reset', {});
	acme = new osc.Context({personalAccessToken: await sandbox.signIn('acme')});
	other = new osc.Context({personalAccessToken: await sandbox.signIn('other'), environment: 'stage'});
	equal([acme.getEnvironment(), other.getEnvironment()], ['prod', 'stage'], 'environments');
	equal(await osc.listSubscriptions(acme), [], 'subscriptions of a new workspace');
});

test('a token that is none is refused', async () => {
	const error = await fails(osc.listSubscriptions(new osc.Context({personalAccessToken: 'none'})), 'a wrong token');
	equal([error instanceof osc.FetchError, error.httpCode], [true, 401], 'the error');
});

test('asking for a service token subscribes first', async () => {
	await sandbox.forgetRequests();
	sat = await acme.getServiceAccessToken(ADSERVER);
	equal(sat.split('.').length, 3, 'parts of the token');
	equal((await sandbox.requests()).map((r) => `${r.method} ${r.path} ${r.status}`),
		['GET /mysubscriptions 200', 'POST /mysubscriptions 200', 'POST /servicetoken 200'], 'calls made');
	const [service] = await osc.listSubscriptions(acme);
	equal([service.serviceId, service.serviceType], [ADSERVER, 'instance'], 'the subscription');
	equal((await acme.refreshServiceAccessToken(ADSERVER)) === sat, false, 'a refreshed token is the old one');
});

test('a service that is not there', async () => {
	const error = await fails(acme.getServiceAccessToken('no-such'), 'an unknown service');
	equal([error.httpCode, error.message], [404, 'Service no-such not found'], 'the error');
});

test('an instance is created, found and listed', async () => {
	const made = await osc.createInstance(acme, ADSERVER, sat, {name: 'ads', MrssOrigin: 'https://example.com/mrss'});
	equal([made.name, osc.instanceValue(made, 'MrssOrigin')], ['ads', 'https://example.com/mrss'], 'the instance');
	equal(await osc.getInstance(acme, ADSERVER, 'ads', sat), made, 'the same instance, asked for');
	equal(await osc.listInstances(acme, ADSERVER, sat), [made], 'the list');
	equal(made._links.health.href, '/health/ads', 'a link');
});

test('a second one of that name is not', async () => {
	const error = await fails(osc.createInstance(acme, ADSERVER, sat, {name: 'ads'}), 'the same name');
	equal([error.httpCode, error.message], [409, 'Instance name ads is already taken'], 'the error');
	equal((await fails(osc.createInstance(acme, ADSERVER, sat, {name: 'a-b'}), 'a bad name')) instanceof osc.InvalidName,
		true, 'what the client itself refuses');
	const option = await fails(osc.createInstance(acme, ADSERVER, sat, {name: 'b', MrssOrigin: 'ftp:'}), 'a bad option');
	equal(option.httpCode, 400, 'status of a bad option');
});

test('what is not there is undefined, and another\'s token an error', async () => {
	equal(await osc.getInstance(acme, ADSERVER, 'nothing', sat), undefined, 'no instance');
	const error = await fails(osc.getInstance(acme, ADSERVER, 'ads', 'wrong'), 'a wrong service token');
	equal(error instanceof osc.UnauthorizedError, true, 'the error');
});

test('visitors do not see each other\'s instances', async () => {
	const token = await other.getServiceAccessToken(ADSERVER);
	equal(await osc.listInstances(other, ADSERVER, token), [], 'the other workspace');
});

/* What is waited for comes after a second, however long it takes until somebody waits. */
async function comes(serviceId, name, health)
{
	await new Promise((done) => setTimeout(done, 1000));
	await sandbox.control('PATCH', `/instances/acme/${serviceId}/${name}`, {health});
}

test('an instance becomes ready', async () => {
	await sandbox.settings({healthDelayMs: 60000});
	await osc.createInstance(acme, ADSERVER, sat, {name: 'slow'});
	equal(await osc.getInstanceHealth(acme, ADSERVER, 'slow', sat), 'starting', 'health at first');
	await Promise.all([osc.waitForInstanceReady(ADSERVER, 'slow', acme), comes(ADSERVER, 'slow', 'running')]);
	equal(await osc.getInstanceHealth(acme, ADSERVER, 'slow', sat), 'running', 'health in the end');
});

test('logs', async () => {
	const logs = await osc.getLogsForInstance(acme, ADSERVER, 'slow', sat);
	equal([typeof logs, logs.includes('listening')], ['string', true], 'the log');
});

test('restart', async () => {
	await osc.restartInstance(acme, ADSERVER, 'slow', sat);
	equal(await osc.getInstanceHealth(acme, ADSERVER, 'slow', sat), 'starting', 'health after it');
	await sandbox.settings({healthDelayMs: 0});
});

test('scaling takes its own header', async () => {
	equal(await osc.getInstanceScaling(acme, ADSERVER, 'slow', sat), {actualReplicas: 1, desiredReplicas: 1}, 'scale');
	await osc.scaleInstanceReplicas(acme, ADSERVER, 'slow', 2, sat);
	await eventually(async () => (await osc.getInstanceScaling(acme, ADSERVER, 'slow', sat)).actualReplicas === 2,
		'two replicas');
	const error = await fails(osc.getInstanceScaling(acme, ADSERVER, 'nothing', sat), 'nothing to scale');
	equal(error.message.includes('does not support scaling'), true, 'the error');
});

test('ports, that may come late', async () => {
	const token = await acme.getServiceAccessToken(VALKEY);
	await sandbox.settings({portsDelayMs: 60000});
	await osc.createInstance(acme, VALKEY, token, {name: 'queue', Password: '{{secrets.queuepw}}'});
	equal(await osc.getPortsForInstance(acme, VALKEY, 'queue', token), [], 'ports at first');
	await sandbox.settings({portsDelayMs: 600});
	await eventually(async () => (await osc.getPortsForInstance(acme, VALKEY, 'queue', token)).length === 1, 'ports');
	const [port] = await osc.getPortsForInstance(acme, VALKEY, 'queue', token);
	equal([port.externalIp, typeof port.externalPort, port.internalPort], ['127.0.0.1', 'number', 6379], 'the port');
	await sandbox.settings({portsDelayMs: 0});
	await osc.removeInstance(acme, VALKEY, 'queue', token);
});

test('secrets are saved once, and never come back', async () => {
	await osc.saveSecret(VALKEY, 'queuepw', 'Very-Secret-Value', acme);
	const error = await fails(osc.saveSecret(VALKEY, 'queuepw', 'another', acme), 'the same secret');
	equal(error.httpCode, 409, 'status');
	equal(JSON.stringify(await sandbox.requests()).includes('Very-Secret-Value'), false, 'the value in the log');
});

test('an instance is removed', async () => {
	await osc.removeInstance(acme, ADSERVER, 'slow', sat);
	await osc.removeInstance(acme, ADSERVER, 'ads', sat);
	equal(await osc.listInstances(acme, ADSERVER, sat), [], 'what is left');
	equal((await fails(osc.removeInstance(acme, ADSERVER, 'ads', sat), 'a second time')).httpCode, 404, 'status');
});

test('jobs run, are waited for, listed and removed', async () => {
	const token = await acme.getServiceAccessToken(FFMPEG);
	await sandbox.settings({jobDelayMs: 60000, jobFinal: 'Complete'});
	const job = await osc.createJob(acme, FFMPEG, token, {name: 'probe1', cmdLineArgs: '-version'});
	equal([job.name, job.status], ['probe1', 'Running'], 'the job');
	equal((await osc.listJobs(acme, FFMPEG, token)).map((j) => j.name), ['probe1'], 'the list');
	await Promise.all([osc.waitForJobToComplete(acme, FFMPEG, 'probe1', token), comes(FFMPEG, 'probe1', 'Complete')]);
	equal((await osc.getJob(acme, FFMPEG, 'probe1', token)).status, 'Complete', 'its end');
	equal((await osc.getLogsForInstance(acme, FFMPEG, 'probe1', token)).length > 0, true, 'its log');
	await osc.removeJob(acme, FFMPEG, 'probe1', token);
	equal(await osc.getJob(acme, FFMPEG, 'probe1', token), undefined, 'the job removed');
	const error = await fails(osc.createJob(acme, ADSERVER, sat, {name: 'x'}), 'a job of a service that has none');
	equal(error.message, 'Service is not a job service', 'the error');
});

test('a subscription ends when nothing of it is left', async () => {
	const token = await acme.getServiceAccessToken(ADSERVER);
	await osc.createInstance(acme, ADSERVER, token, {name: 'last'});
	equal((await fails(osc.removeSubscription(acme, ADSERVER), 'with an instance')).httpCode, 409, 'status');
	await osc.removeInstance(acme, ADSERVER, 'last', token);
	await osc.removeSubscription(acme, ADSERVER);
	equal((await osc.listSubscriptions(acme)).map((s) => s.serviceId).sort(), [FFMPEG, VALKEY], 'subscriptions');
});

test('reserved nodes', async () => {
	equal(await osc.listReservedNodes(acme), [], 'nodes');
});
