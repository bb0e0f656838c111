/* SPDX-License-Identifier: MIT */
/*
 * Loaded before the platform's client: its hosts are the sandbox's, and
 * whatever it makes of the addresses that the sandbox hands out stays on plain
 * HTTP.  Everything else of a request goes out as the client wrote it.
 */
'use strict';

const roles = {
	'catalog.svc': process.env.OSC_CATALOG_URL,
	'token.svc': process.env.OSC_TOKEN_URL,
	'deploy.svc': process.env.OSC_DEPLOY_URL,
	'money.svc': process.env.OSC_MONEY_URL,
};
const real = globalThis.fetch;

function mapped(address)
{
	const url = new URL(address);
	const role = /^([a-z]+\.svc)\.[a-z]+\.osaas\.io$/.exec(url.hostname);
	if (role) {
		if (!roles[role[1]])
			throw new TypeError('no sandbox plays ' + url.hostname);
		return new URL(url.pathname + url.search, roles[role[1]]);
	}
	if (url.hostname !== '127.0.0.1')
		throw new TypeError('this test leaves the machine for nobody: ' + url.hostname);
	url.protocol = 'http:';
	return url;
}

globalThis.fetch = (address, options) => real(mapped(address), options);
