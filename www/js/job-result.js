/* SPDX-License-Identifier: MIT */
/* A transcoding job, looked at closely: what it made to play and to download, or why it made nothing. */

import {bestToPlay, jobState, outputName, outputsOf, sizeWords, tookWords} from './convert-rules.js';
import {el, outward} from './dom.js';
import {icon} from './icons.js';
import {moment, secondsOf} from './time-words.js';

/* Nodes.  onAgain(): its addresses may have run out, ask for new ones. */
export function jobResult(job, {onAgain})
{
	const state = jobState(job);
	const known = [state.word, job.profile, moment(secondsOf(job.createdDate)), tookWords(job)];
	return [
		state.kind === 'failed' && job.message && el('p', {class: 'notice bad', role: 'alert'}, icon('alert'), el('span', {}, String(job.message))),
		film(job, onAgain),
		el('p', {class: 'muted'}, known.filter((text) => typeof text === 'string' && text).join(' · ')),
		el('h3', {}, 'Files'),
		fileList(job) ?? el('p', {class: 'muted'}, state.busy ? 'They come when it is finished.' : 'There are none.'),
	];
}

function film(job, onAgain)
{
	const best = bestToPlay(job);
	if (!best)
		return null;
	const movie = el(best.type?.startsWith('audio') ? 'audio' : 'video', {src: best.url, controls: true, preload: 'metadata', playsinline: true});
	const cannot = el('div', {class: 'notice bad', hidden: true}, icon('alert'), el('div', {class: 'notice-words'},
	    el('p', {}, 'It cannot be played. Its address is good for a quarter of an hour: ask for another one. If that does not help, download it below.'),
	    el('p', {class: 'acts'}, el('button', {class: 'button', type: 'button', onClick: onAgain}, icon('refresh'), 'Ask again'))));
	movie.addEventListener('error', () => { cannot.hidden = false; });
	return [movie, cannot];
}

/* null: there are none. */
function fileList(job)
{
	const outputs = outputsOf(job);
	return outputs.length ? el('ul', {class: 'files', role: 'list'}, outputs.map((output) => el('li', {},
	    el('span', {class: 'file-name'}, outputName(output)), el('span', {class: 'count'}, sizeWords(output.size)),
	    outward(output.url, 'Download', {class: 'button', download: outputName(output)})))) : null;
}
