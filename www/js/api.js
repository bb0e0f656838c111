/* SPDX-License-Identifier: MIT */
/*
 * The one place that knows where the API is and how it answers.
 *
 * A page says in <meta name="oscgi-api"> where to look:
 *   auto            look for it (below), and remember what was found for as long as the tab lives
 *   routes PREFIX   short addresses: PREFIX/auth/status, PREFIX/api/instances
 *   programs PREFIX one program each: PREFIX/status, PREFIX/instances (hosting that maps no addresses)
 *
 * Every call ends in one of two ways: a value, or an ApiError that can be shown to a person.
 */

const REMEMBERED = 'oscgi-api';
const TIMEOUT_MS = 40000; /* above the server's own ceiling of 25 s waiting and 15 s for one upstream call */

/* Short address -> program and the rest of its path, for hosting that maps no addresses. */
const PROGRAMS = [
	['auth/check', 'authorize'],
	['auth/', ''],
	['api/suspended', 'instances/-/suspended'],
	['healthz', 'status/healthz'],
	['api/', ''],
];

export class ApiError extends Error {
	/*
	 * kind      'problem' (the API refused), 'network' (no answer), 'timeout', 'nonsense' (an answer that is not ours)
	 * status    HTTP status, 0 without an answer
	 * upstream  {service, status} where OSC itself refused, else null
	 */
	constructor(kind, status, title, detail = '', upstream = null)
	{
		super(title);
		this.kind = kind;
		this.status = status;
		this.title = title;
		this.detail = detail;
		this.upstream = upstream;
	}
}

let base = null; /* promise of {programs: bool, prefix: string ending in '/'} */

/* Whoever wants to know that a call came back 401 (session.js). */
let onSignedOut = () => {};
export function whenSignedOut(callback)
{
	onSignedOut = callback;
}

/*
 * Call the API.  path is the short address without a leading slash, its parts already escaped (see part()).
 * Options: method, body (becomes JSON), signal, headers of the answer wanted (wantHeaders).
 * Resolves with the parsed JSON, null for an empty answer, the Headers when wantHeaders is set, or the answer's text as it
 * is when wantText is set.
 */
export async function call(path, {method = 'GET', body, signal, wantHeaders = false, wantText = false} = {})
{
	const url = await address(path);
	const headers = {Accept: wantText ? 'text/plain, application/json' : 'application/json'};
	if (body !== undefined)
		headers['Content-Type'] = 'application/json';

	const reply = await ask(url, {
		method, headers, signal,
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	if (!reply.ok)
		throw await refusal(reply);
	if (wantHeaders)
		return reply.headers;
	return wantText ? reply.text() : value(reply);
}

/* One path segment, escaped. */
export function part(text)
{
	return encodeURIComponent(String(text));
}

/* The address of an API path, for links and forms as well as for call(). */
export async function address(path)
{
	base ??= find();
	try {
		return join(await base, path);
	} catch (error) {
		base = null; /* ask again next time: the server may be back by then */
		throw error;
	}
}

function join({programs, prefix}, path)
{
	if (!programs)
		return prefix + path;
	for (const [short, program] of PROGRAMS) {
		if (path.startsWith(short))
			return prefix + program + path.slice(short.length);
	}
	return prefix + path;
}

async function find()
{
	const told = document.querySelector('meta[name="oscgi-api"]')?.content.trim() ?? 'auto';
	const [shape, where = './'] = told.split(/\s+/);
	if (shape === 'routes' || shape === 'programs')
		return candidate(shape === 'programs', where);
	return recall() ?? probe();
}

/* Look beside this page first, then where programs usually are: below it, beside its directory, in the host's own place. */
async function probe()
{
	const candidates = [candidate(false, './'), candidate(true, './cgi-bin/'), candidate(true, '../cgi-bin/'), candidate(true, '/cgi-bin/')];
	let worst = new ApiError('nonsense', 404, 'The service behind this page was not found',
	    'Neither auth/status nor cgi-bin/status answers on this site.');

	for (const where of candidates) {
		/* No answer at all is thrown on: another address of the same server will not do better. */
		const reply = await ask(join(where, 'auth/status'), {headers: {Accept: 'application/json'}});
		const said = await statusReply(reply);
		if (said === 'ours') {
			remember(where);
			return where;
		}
		if (said)
			worst = said;
	}
	throw worst;
}

/* 'ours' when the answer is our status document, an ApiError when something is there but broken, else null. */
async function statusReply(reply)
{
	if (reply.ok) {
		const body = await reply.json().catch(() => null);
		return typeof body?.signedIn === 'boolean' ? 'ours' : null;
	}
	return reply.status >= 500 ? refusal(reply) : null;
}

function candidate(programs, where)
{
	const prefix = new URL(where, document.baseURI);
	/* The API is on this site or nowhere: the cookie goes to no other. */
	const path = prefix.origin === location.origin ? prefix.pathname : '/';
	return {programs, prefix: path.endsWith('/') ? path : path + '/'};
}

function recall()
{
	try {
		const kept = JSON.parse(sessionStorage.getItem(key()));
		return typeof kept?.programs === 'boolean' && /^\/([^/\\].*)?$/.test(kept.prefix) ? kept : null;
	} catch {
		return null; /* storage switched off, or not what we wrote */
	}
}

function remember(where)
{
	try {
		sessionStorage.setItem(key(), JSON.stringify(where));
	} catch {
		/* storage switched off: each page looks once */
	}
}

/* Two installations on one host do not share what was found. */
function key()
{
	return REMEMBERED + ' ' + new URL('./', document.baseURI).pathname;
}

async function ask(url, options)
{
	const timeout = AbortSignal.timeout(TIMEOUT_MS);
	const signal = options.signal ? anyOf(options.signal, timeout) : timeout;
	try {
		/* A redirect is never an answer of the API; following one could end on a page of another kind. */
		return await fetch(url, {...options, signal, cache: 'no-store', credentials: 'same-origin', redirect: 'error'});
	} catch (error) {
		if (options.signal?.aborted)
			throw error;
		if (timeout.aborted)
			throw new ApiError('timeout', 0, 'No answer in time',
			    'This site took longer than ' + TIMEOUT_MS / 1000 + ' seconds to answer.');
		throw new ApiError('network', 0, 'This site cannot be reached',
		    navigator.onLine === false ? 'This device is offline.' : 'The connection failed before an answer came.');
	}
}

/* AbortSignal.any is newer than the browsers that we mean to serve. */
function anyOf(...signals)
{
	const both = new AbortController();
	for (const signal of signals) {
		if (signal.aborted)
			both.abort(signal.reason);
		signal.addEventListener('abort', () => both.abort(signal.reason), {once: true});
	}
	return both.signal;
}

async function value(reply)
{
	if (reply.status === 204)
		return null;
	const text = await reply.text().catch(() => null);
	if (text === '')
		return null;
	try {
		return JSON.parse(text);
	} catch {
		throw new ApiError('nonsense', reply.status, 'The answer could not be read',
		    'Something between this page and the service answered in its place.');
	}
}

async function refusal(reply)
{
	const body = await reply.json().catch(() => null);
	const text = (x) => (typeof x === 'string' ? x : '');
	if (reply.status === 401)
		onSignedOut();
	return new ApiError(body ? 'problem' : 'nonsense', reply.status,
	    text(body?.title) || 'The request failed', text(body?.detail), upstreamOf(body?.upstream));
}

function upstreamOf(upstream)
{
	if (typeof upstream?.service !== 'string')
		return null;
	return {service: upstream.service, status: Number.isInteger(upstream.status) ? upstream.status : 0};
}
