/* SPDX-License-Identifier: MIT */
/* What a transcoding job's words mean: plain functions, no page in sight. */

const STATES = {
	NEW: {word: 'Waiting', kind: 'starting', busy: true},
	QUEUED: {word: 'Waiting', kind: 'starting', busy: true},
	IN_PROGRESS: {word: 'Converting', kind: 'starting', busy: true},
	SUCCESSFUL: {word: 'Finished', kind: 'running', busy: false},
	FAILED: {word: 'Failed', kind: 'failed', busy: false},
	CANCELLED: {word: 'Cancelled', kind: 'stopped', busy: false},
};

export function jobState({status})
{
	return (Object.hasOwn(STATES, status) && STATES[status]) || {word: 'Unknown', kind: 'unknown', busy: false};
}

/* The file of a job to play in the page: the largest film that browsers play, else sound; null where there is none. */
export function bestToPlay({outputs})
{
	const list = (Array.isArray(outputs) ? outputs : []).filter((output) => typeof output?.url === 'string' && /^https?:/i.test(output.url));
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
