/* SPDX-License-Identifier: MIT */
/* The panel at the side (on a phone: over all of the page) in which something is made or looked at. */

import {el, fill} from './dom.js';
import {icon} from './icons.js';

/*
 * show({title, back, body, foot}) fills and opens it: title a string, back a function behind a back button, body and foot
 * nodes.  The heading takes the focus, so that a screen reader begins with where one is.
 */
export function sheet(dialog)
{
	const close = () => dialog.close();
	/* A click on the page behind closes it; what was entered is kept by whoever filled it. */
	dialog.addEventListener('pointerdown', (event) => {
		if (event.target === dialog)
			close();
	});

	/* What a closed panel showed, secrets too, is not left behind in the page. */
	dialog.addEventListener('close', () => fill(dialog));

	return {
		close,
		onClose: (callback) => dialog.addEventListener('close', callback),

		show({title, back, body, foot})
		{
			const heading = el('h2', {id: dialog.id + '-title', tabindex: '-1'}, title);
			const content = el('div', {class: 'sheet-inner'},
			    el('header', {class: 'sheet-head'},
				back && el('button', {class: 'button quiet icon-only', type: 'button', onClick: back}, icon('back'),
				    el('span', {class: 'unseen'}, 'Back')),
				heading,
				el('button', {class: 'button quiet icon-only', type: 'button', onClick: close}, icon('close'),
				    el('span', {class: 'unseen'}, 'Close'))),
			    el('div', {class: 'sheet-body'}, body),
			    foot && el('footer', {class: 'sheet-foot'}, foot));
			fill(dialog, content);
			if (!dialog.open)
				dialog.showModal();
			heading.focus();
		},
	};
}
