/* SPDX-License-Identifier: MIT */
/*
 * A form half filled in, kept in this tab for the way to the sign-in page and back.  Never a secret: whoever calls keep()
 * leaves those out.
 */

const KEY = 'oscgi-draft';

export function keepDraft(serviceId, values)
{
	try {
		sessionStorage.setItem(KEY, JSON.stringify({page: location.pathname, serviceId, values}));
	} catch {
		/* storage switched off or full: the form is filled in again by hand */
	}
}

/* {serviceId, values} of this page once, then null. */
export function takeDraft()
{
	try {
		const draft = JSON.parse(sessionStorage.getItem(KEY));
		if (draft?.page !== location.pathname)
			return null;
		dropDraft();
		return typeof draft?.serviceId === 'string' && typeof draft.values === 'object' && draft.values ? draft : null;
	} catch {
		return null;
	}
}

export function dropDraft()
{
	try {
		sessionStorage.removeItem(KEY);
	} catch {
		/* storage switched off: nothing is kept */
	}
}
