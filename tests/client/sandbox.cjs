/* SPDX-License-Identifier: MIT */
/* What the tests want of the sandbox besides the client: tokens, settings, the log. */
'use strict';

const {createHash, randomBytes} = require('node:crypto');

const APP = process.env.OSC_APP_URL;
const CALLBACK = 'http://localhost:1/callback';

async function control(method, path, body)
{
	const reply = await fetch(APP + '/sandbox' + path, {
		method,
		headers: body === undefined ? {} : {'Content-Type': 'application/json'},
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (!reply.ok)
		throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
	return reply.status === 204 ? undefined : await reply.json();
}

async function post(path, type, body)
{
	const reply = await fetch(APP + path, {method: 'POST', headers: {'Content-Type': type}, body});
	if (!reply.ok)
		throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
	return await reply.json();
}

/* The whole way of an app that acts for a visitor; resolves with the personal access token. */
async function signIn(tenant)
{
	const client = await post('/api/connect/register', 'application/json', JSON.stringify({
		client_name: 'client test', redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none',
	}));
	const verifier = randomBytes(32).toString('base64url');
	await control('PATCH', '/settings', {autoLogin: tenant, consent: 'allow'});
	const asked = await fetch(APP + '/api/connect/authorize?' + new URLSearchParams({
		response_type: 'code', client_id: client.client_id, redirect_uri: CALLBACK, state: 'x',
		code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
	}), {redirect: 'manual'});
	await control('PATCH', '/settings', {autoLogin: '', consent: 'ask'});
	const tokens = await post('/api/connect/token', 'application/x-www-form-urlencoded', new URLSearchParams({
		grant_type: 'authorization_code', client_id: client.client_id, redirect_uri: CALLBACK,
		code: new URL(asked.headers.get('location')).searchParams.get('code'), code_verifier: verifier,
	}).toString());
	return tokens.access_token;
}

const settings = (changes) => control('PATCH', '/settings', changes);
const requests = () => control('GET', '/requests');
const forgetRequests = () => control('DELETE', '/requests');

module.exports = {control, forgetRequests, requests, settings, signIn};
