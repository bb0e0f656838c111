/* SPDX-License-Identifier: MIT */
/* What is at work shows it. */

import {el, fill, set} from './dom.js';

export function waiting(text)
{
	return el('p', {class: 'waiting', role: 'status'}, el('span', {class: 'spin'}), text);
}

/*
 * Run work once, however often the button is pressed.  A disabled button would drop the focus: it stays, says that it is
 * at work, and does nothing.
 */
export async function whileBusy(button, doing, label, work)
{
	if (button.getAttribute('aria-disabled') === 'true')
		return;
	set(button, 'aria-disabled', 'true');
	fill(button, el('span', {class: 'spin'}), doing);
	try {
		await work();
	} finally {
		set(button, 'aria-disabled', null);
		fill(button, label);
	}
}
