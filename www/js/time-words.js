/* SPDX-License-Identifier: MIT */
/* When, and how long, in words: plain functions, no page in sight. */

/* Seconds since the epoch; '' while one of them is not known. */
export function duration(from, to)
{
	if (!from || !to)
		return '';
	const seconds = Math.max(0, Math.round(to - from));
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/* ISO 8601 as seconds since the epoch; 0 for anything else. */
export function secondsOf(date)
{
	return typeof date === 'string' ? Date.parse(date) / 1000 || 0 : 0;
}

/* A day and a time of day where the visitor is; the year where it is another one.  '' where it is not known. */
export function moment(seconds)
{
	if (!seconds)
		return '';
	const date = new Date(seconds * 1000);
	return date.toLocaleString([], {
		...(date.getFullYear() !== new Date().getFullYear() && {year: 'numeric'}),
		day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit',
	});
}
