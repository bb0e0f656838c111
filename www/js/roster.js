/* SPDX-License-Identifier: MIT */
/*
 * What is known of the instances: what OSC lists, joined with what this page has just done.
 *
 * A list lags behind: an instance just created may be missing from the next answer, one just deleted still in it.  So
 * each has a phase: 'listed', 'creating' (ours, not seen in a list yet), 'deleting' (asked for, or still listed after).
 * No page in here, and no clock: the caller says what time it is (milliseconds).
 *
 * An entry is {key, serviceId, name, url, status, phase, until, stale}: until is when a phase is believed no longer (0 =
 * for ever), stale that the service did not answer the last time.  Entries are replaced, never changed.
 */

const CREATED_GRACE_MS = 120000;
const DELETED_GRACE_MS = 60000;

export const SETTLED = new Set(['running', 'failed', 'stopped']);

export function keyOf({serviceId, name})
{
	return JSON.stringify([serviceId, name]);
}

export class Roster {
	#known = new Map();
	#failures = [];

	all()
	{
		return [...this.#known.values()];
	}

	get(key)
	{
		return this.#known.get(key);
	}

	/* Services that the last list could not ask: [{serviceId, detail}] */
	failures()
	{
		return this.#failures;
	}

	/*
	 * The answer of GET /api/instances.  Returns what a person would want to be told:
	 * [{entry, what: 'appeared' | 'gone' | 'running' | 'failed' | 'stopped'}]
	 */
	take(answer, now)
	{
		const rows = listOf(answer?.instances).filter((row) => typeof row.name === 'string');
		this.#failures = listOf(answer?.errors);
		const seen = new Set(rows.map(keyOf));
		return [...rows.map((row) => this.#see(row, now)), ...this.#miss(seen, now)].filter(Boolean);
	}

	#see(row, now)
	{
		const key = keyOf(row);
		const old = this.#known.get(key);
		if (old?.phase === 'deleting' && (old.until === 0 || now < old.until))
			return null;
		const entry = this.#note({
			key, serviceId: row.serviceId, name: row.name, url: textOf(row.url) || (old?.url ?? ''),
			status: statusOf(row.status), phase: 'listed', until: 0, stale: false,
		});
		if (!old)
			return {entry, what: 'appeared'};
		return old.status !== entry.status && SETTLED.has(entry.status) ? {entry, what: entry.status} : null;
	}

	#miss(seen, now)
	{
		const silent = new Set(this.#failures.map((failure) => failure.serviceId));
		return this.all().filter((entry) => !seen.has(entry.key)).map((entry) => {
			if (silent.has(entry.serviceId) && entry.phase === 'listed') {
				this.#note({...entry, stale: true});
				return null;
			}
			if (entry.phase === 'creating' && now < entry.until)
				return null;
			this.#known.delete(entry.key);
			return {entry, what: 'gone'};
		});
	}

	/* We made one: document as OSC gave it.  Returns its entry. */
	created(serviceId, document, now)
	{
		const name = textOf(document?.name);
		return this.#note({
			key: keyOf({serviceId, name}), serviceId, name, url: textOf(document?.url),
			status: 'starting', phase: 'creating', until: now + CREATED_GRACE_MS, stale: false,
		});
	}

	/* A closer look at one of them.  Returns the entry when that changed it. */
	health(key, status)
	{
		const entry = this.#known.get(key);
		if (!entry || entry.phase === 'deleting' || entry.status === statusOf(status))
			return null;
		return this.#note({...entry, status: statusOf(status)});
	}

	deleting(key)
	{
		this.#phase(key, 'deleting', 0);
	}

	/* OSC has taken the order: hide it while lists still have it, but not for ever. */
	deleted(key, now)
	{
		this.#phase(key, 'deleting', now + DELETED_GRACE_MS);
	}

	deleteFailed(key)
	{
		this.#phase(key, 'listed', 0);
	}

	#phase(key, phase, until)
	{
		if (this.#known.has(key))
			this.#note({...this.#known.get(key), phase, until});
	}

	#note(entry)
	{
		this.#known.set(entry.key, entry);
		return entry;
	}
}

function listOf(x)
{
	return Array.isArray(x) ? x.filter((item) => typeof item?.serviceId === 'string') : [];
}

function statusOf(status)
{
	return typeof status === 'string' && status ? status.toLowerCase() : 'unknown';
}

function textOf(x)
{
	return typeof x === 'string' ? x : '';
}

/* The entries that a filter leaves, in groups by service, all in the order of their titles. */
export function arrange(entries, {words, show, titleOf})
{
	const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
	const groups = new Map();
	for (const entry of entries) {
		const title = titleOf(entry.serviceId);
		const text = `${entry.name} ${title} ${entry.serviceId} ${entry.status}`.toLowerCase();
		if (!wanted.every((word) => text.includes(word)) || !belongs(entry, show))
			continue;
		if (!groups.has(entry.serviceId))
			groups.set(entry.serviceId, {serviceId: entry.serviceId, title, entries: []});
		groups.get(entry.serviceId).entries.push(entry);
	}
	const order = new Intl.Collator(undefined, {numeric: true, sensitivity: 'base'});
	for (const group of groups.values())
		group.entries.sort((a, b) => order.compare(a.name, b.name));
	return [...groups.values()].sort((a, b) => order.compare(a.title, b.title));
}

/* The four drawers that statuses fall into. */
export function belongs(entry, show)
{
	if (show === 'all')
		return true;
	const drawer = entry.status === 'running' || entry.status === 'starting' ? entry.status : 'other';
	return drawer === show;
}
