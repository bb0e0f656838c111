/* SPDX-License-Identifier: MIT */
/* The services of the workspace, as the pages show them, and those that could be activated. */

import {call, part} from './api.js';
import {OFFER} from './offer.js';

const offered = new Map(OFFER.map((entry) => [entry.serviceId, entry]));

/*
 * type is 'instance' or 'job': which services to offer.
 *
 * {all() -> [{serviceId, title, category, description, active}], titleOf(id), load(), record(id), activate(id)}
 *
 * load() and the others that ask reject with an ApiError.
 */
export function serviceBook(type = 'instance')
{
	let records = new Map(); /* what OSC said, by id */

	const book = {
		loaded: false,

		async load(signal)
		{
			const list = await call('api/services', {signal});
			const good = (Array.isArray(list) ? list : []).filter((record) => typeof record?.serviceId === 'string');
			records = new Map(good.map((record) => [record.serviceId, record]));
			book.loaded = true;
		},

		/* Services of the type: active ones first, then the rest of the offer. */
		all()
		{
			const active = [...records.values()].filter((record) => typeOf(record) === type)
			    .map((record) => entryOf(record, true));
			const rest = OFFER.filter((entry) => entry.type === type && !records.has(entry.serviceId)).map((entry) => ({...entry, active: false}));
			return [...active.sort(byTitle), ...rest.sort(byTitle)];
		},

		titleOf(serviceId)
		{
			const record = records.get(serviceId);
			return record ? entryOf(record, true).title : offered.get(serviceId)?.title ?? serviceId;
		},

		/* The record with its options; lists may leave them out. */
		async record(serviceId, signal)
		{
			const kept = records.get(serviceId);
			if (Array.isArray(kept?.serviceInstanceOptions))
				return kept;
			const record = await call('api/services/' + part(serviceId), {signal});
			records.set(serviceId, record);
			return record;
		},

		async activate(serviceId)
		{
			await call('api/services', {method: 'POST', body: {serviceId}});
			return book.record(serviceId);
		},
	};
	return book;
}

function typeOf(record)
{
	return record.serviceType === 'job' ? 'job' : 'instance';
}

function entryOf(record, active)
{
	const known = offered.get(record.serviceId);
	const meta = record.serviceMetadata ?? {};
	const text = (x) => (typeof x === 'string' ? x.trim() : '');
	return {
		serviceId: record.serviceId,
		title: known?.title || text(meta.title) || record.serviceId,
		category: known?.category || text(meta.category),
		description: text(meta.description) || known?.description || '',
		documentation: text(meta.documentationUrl),
		active,
	};
}

function byTitle(a, b)
{
	return a.title.localeCompare(b.title, undefined, {sensitivity: 'base', numeric: true});
}
