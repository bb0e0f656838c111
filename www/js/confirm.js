/* SPDX-License-Identifier: MIT */
/* The question before something that cannot be undone, or that others notice. */

import {byId, el, fill} from './dom.js';

/*
 * Resolves with true when the visitor means it.  danger marks what destroys something.  The focus begins on the harmless
 * answer and returns where it was.
 */
export function confirmed({title, text, yes, no = 'Keep it', danger = true})
{
	const dialog = byId('confirm');
	return new Promise((resolve) => {
		let answer = false;
		const harmless = el('button', {class: 'button', type: 'button', onClick: () => dialog.close()}, no);
		fill(dialog,
		    el('h2', {id: 'confirm-title'}, title),
		    el('div', {id: 'confirm-text'}, text),
		    el('p', {class: 'acts end'}, harmless,
			el('button', {class: danger ? 'button danger' : 'button primary', type: 'button', onClick: () => { answer = true; dialog.close(); }}, yes)));
		dialog.addEventListener('close', () => resolve(answer), {once: true});
		dialog.showModal();
		harmless.focus();
	});
}
