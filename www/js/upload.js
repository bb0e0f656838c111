/* SPDX-License-Identifier: MIT */
/* A file from the browser straight to object storage, by an address that was signed for it: not one byte passes this site. */

import {ApiError, call} from './api.js';

/*
 * Resolves with the source to name in a job.  onProgress(done, all) in bytes.  signal stops it; a stopped one rejects with
 * the signal's reason.  Everything else that goes wrong is an ApiError.
 */
export async function upload(file, {onProgress, signal})
{
	const type = file.type || 'application/octet-stream';
	const {uploadUrl, source} = await call('api/convert/uploads', {method: 'POST', body: {name: file.name, type}, signal});
	await put(uploadUrl, file, type, onProgress, signal);
	return source;
}

/* The newer way to send tells nothing of how far it is. */
function put(url, file, type, onProgress, signal)
{
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest();
		const failed = (status, detail) => reject(new ApiError('problem', status, 'The file could not be stored', detail));
		request.open('PUT', url);
		request.setRequestHeader('Content-Type', type);
		request.upload.addEventListener('progress', ({loaded, total}) => onProgress(loaded, total || file.size));
		request.addEventListener('load', () => (request.status >= 200 && request.status < 300 ? resolve()
		    : failed(request.status, `The storage answered ${request.status}.`)));
		request.addEventListener('error', () => failed(0, 'The connection to the storage failed. It may still be starting, or this network may keep you from it.'));
		request.addEventListener('abort', () => reject(signal.reason));
		signal.addEventListener('abort', () => request.abort(), {once: true});
		request.send(file);
	});
}
