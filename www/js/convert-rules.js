/* SPDX-License-Identifier: MIT */
/* What a transcoding job's words mean: plain functions, no page in sight. */

import {duration, moment, secondsOf} from './time-words.js';

const STATES = {
	NEW: {word: 'Waiting', kind: 'starting', busy: true},
	QUEUED: {word: 'Waiting', kind: 'starting', busy: true},
	IN_PROGRESS: {word: 'Converting', kind: 'starting', busy: true},
	SUCCESSFUL: {word: 'Finished', kind: 'running', busy: false},
	FAILED: {word: 'Failed', kind: 'failed', busy: false},
	CANCELLED: {word: 'Cancelled', kind: 'stopped', busy: false},
};

/* Of one that is converted and was made for streaming: its files are there, its playlist not yet. */
const PACKAGING = {
	running: {word: 'Packaging', kind: 'starting', busy: false},
	failed: {word: 'Not packaged', kind: 'failed', busy: false},
};

export function jobState({status, packaging})
{
	if (status === 'SUCCESSFUL' && Object.hasOwn(PACKAGING, packaging))
		return PACKAGING[packaging];
	return (Object.hasOwn(STATES, status) && STATES[status]) || {word: 'Unknown', kind: 'unknown', busy: false};
}

/* What a job, or a profile, may be called. */
export function isName(text)
{
	return /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(text);
}

export function outputsOf({outputs})
{
	return Array.isArray(outputs) ? outputs.filter((output) => typeof output?.url === 'string') : [];
}

/* When it was begun, how long it took and how much came of it, or why nothing did: '' where nothing is known. */
export function summaryOf(job)
{
	const size = outputsOf(job).reduce((sum, output) => sum + (output.size || 0), 0);
	return [moment(secondsOf(job.createdDate)), tookWords(job), size > 0 && sizeWords(size), job.message].filter(Boolean).join(' · ');
}

export function tookWords({startedDate, completedDate})
{
	return duration(secondsOf(startedDate), secondsOf(completedDate));
}

/* The same once more: the body to send, or null where it is not known what was converted (a password was in it). */
export function repeatOf({source, profile, name})
{
	if (typeof source !== 'string' || source === '' || source.includes('***'))
		return null;
	return {source, ...(isName(profile ?? '') && {profile}), ...(isName(name ?? '') && {name})};
}

/* The file of a job to play in the page: the largest film that browsers play, else sound; null where there is none. */
export function bestToPlay(job)
{
	const list = outputsOf(job).filter(({url}) => /^https?:/i.test(url));
	const largest = (some) => some.sort((a, b) => (b.size || 0) - (a.size || 0))[0] ?? null;
	return largest(list.filter(({url, type}) => kindOf(url, type) === 'video')) ?? largest(list.filter(({url, type}) => kindOf(url, type) === 'audio'));
}

/* type is Encore's ("VideoFile") or a media type ("video/mp4"). */
function kindOf(url, type)
{
	const name = outputName({url});
	if (/\.(mp4|m4v|webm|mov)$/i.test(name) && !/^audio/i.test(type ?? ''))
		return 'video';
	return /\.(m4a|mp3|aac|ogg|opus|wav|mp4)$/i.test(name) ? 'audio' : '';
}

/* The last part of its address, without the signature. */
export function outputName({url})
{
	try {
		const path = new URL(url, 'https://none.invalid/').pathname;
		return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1)) || path;
	} catch {
		return 'file';
	}
}

export function sizeWords(bytes)
{
	if (!Number.isFinite(bytes) || bytes < 0)
		return '';
	const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
	const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
	return `${(bytes / 1000 ** step).toLocaleString(undefined, {maximumFractionDigits: step ? 1 : 0})} ${units[step]}`;
}
