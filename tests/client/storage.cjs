/* SPDX-License-Identifier: MIT */
/* The official AWS SDK on a storage instance of the sandbox. */
'use strict';

const {Readable} = require('node:stream');
const s3 = require('@aws-sdk/client-s3');
const {getSignedUrl} = require('@aws-sdk/s3-request-presigner');
const osc = require('@osaas/client-core');
const sandbox = require('./sandbox.cjs');
const {equal, fails, test} = require('./tap.cjs');

const MINIO = 'minio-minio';
const PASSWORD = 'Storage1Password';
const MB = 1048576;

let context, token, url, client;

function clientWith(secretAccessKey, more)
{
	return new s3.S3Client({
		endpoint: url, region: 'us-east-1', forcePathStyle: true, maxAttempts: 1,
		credentials: {accessKeyId: 'admin', secretAccessKey}, ...more,
	});
}

const send = (Command, input) => client.send(new s3[Command + 'Command'](input));
const refusal = async (Command, input, what) => (await fails(send(Command, input), what)).name;

test('a storage instance, its password a secret', async () => {
	await sandbox.control('POST', '/reset', {});
	await sandbox.settings({healthDelayMs: 0});
	context = new osc.Context({personalAccessToken: await sandbox.signIn('acme')});
	token = await context.getServiceAccessToken(MINIO);
	await osc.saveSecret(MINIO, 'storepassword', PASSWORD, context);
	const made = await osc.createInstance(context, MINIO, token,
		{name: 'store', RootUser: 'admin', RootPassword: '{{secrets.storepassword}}'});
	url = made.url;
	client = clientWith(PASSWORD);
});

test('buckets are made once, found and listed', async () => {
	equal(await refusal('HeadBucket', {Bucket: 'input'}, 'no bucket'), 'NotFound', 'the error');
	await send('CreateBucket', {Bucket: 'input'});
	await send('HeadBucket', {Bucket: 'input'});
	equal(await refusal('CreateBucket', {Bucket: 'input'}, 'a second time'), 'BucketAlreadyOwnedByYou', 'the error');
	equal(await refusal('CreateBucket', {Bucket: 'No'}, 'a bad name'), 'InvalidBucketName', 'the error');
	await send('CreateBucket', {Bucket: 'output'});
	equal((await send('ListBuckets', {})).Buckets.map((b) => b.Name), ['input', 'output'], 'the list');
});

test('wrong keys are refused', async () => {
	for (const [wrong, code] of [[clientWith('Storage1Wrongness'), 'SignatureDoesNotMatch'],
		[clientWith(PASSWORD, {credentials: {accessKeyId: 'other', secretAccessKey: PASSWORD}}), 'InvalidAccessKeyId'],
		[clientWith(PASSWORD, {region: 'eu-north-1'}), 'AuthorizationHeaderMalformed'],
		[clientWith(PASSWORD, {systemClockOffset: -3600000}), 'RequestTimeTooSkewed']])
		equal((await fails(wrong.send(new s3.ListBucketsCommand({})), code)).name, code, 'the error');
	equal((await fetch(url + '/')).status, 403, 'status without a signature');
});

test('objects go in and come out', async () => {
	const put = await send('PutObject', {Bucket: 'input', Key: 'a b/c+d ä&.txt', Body: 'hello', ContentType: 'text/plain',
		CacheControl: 'no-cache', Metadata: {who: 'me'}});
	equal(put.ETag, '"5d41402abc4b2a76b9719d911017c592"', 'ETag');
	const got = await send('GetObject', {Bucket: 'input', Key: 'a b/c+d ä&.txt'});
	equal([await got.Body.transformToString(), got.ContentType, got.CacheControl, got.Metadata, got.ETag],
		['hello', 'text/plain', 'no-cache', {who: 'me'}, put.ETag], 'the object');
	const head = await send('HeadObject', {Bucket: 'input', Key: 'a b/c+d ä&.txt'});
	equal([head.ContentLength, Math.abs(Date.now() - head.LastModified) < 60000], [5, true], 'its head');
	equal(await refusal('GetObject', {Bucket: 'input', Key: 'none'}, 'no object'), 'NoSuchKey', 'the error');
	equal(await refusal('GetObject', {Bucket: 'none', Key: 'none'}, 'no bucket'), 'NoSuchBucket', 'the error');
});

test('ranges', async () => {
	const read = async (Range) => {
		const got = await send('GetObject', {Bucket: 'input', Key: 'a b/c+d ä&.txt', Range});
		return [await got.Body.transformToString(), got.ContentRange];
	};
	equal(await read('bytes=1-2'), ['el', 'bytes 1-2/5'], 'a piece');
	equal(await read('bytes=3-'), ['lo', 'bytes 3-4/5'], 'an end');
	equal(await read('bytes=-1'), ['o', 'bytes 4-4/5'], 'the last byte');
	equal(await refusal('GetObject', {Bucket: 'input', Key: 'a b/c+d ä&.txt', Range: 'bytes=9-'}, 'beyond'), 'InvalidRange',
		'the error');
});

test('a stream, in chunks', async () => {
	const body = Buffer.alloc(300000, 'x');
	await send('PutObject', {Bucket: 'input', Key: 'stream', Body: Readable.from([body.subarray(0, 100000), body.subarray(100000)]),
		ContentLength: body.length});
	const got = await (await send('GetObject', {Bucket: 'input', Key: 'stream'})).Body.transformToByteArray();
	equal(body.equals(got), true, 'what comes out is what went in');
	equal((await send('HeadObject', {Bucket: 'input', Key: 'stream'})).ContentEncoding, undefined, 'no trace of chunks');
});

test('nothing at all', async () => {
	await send('PutObject', {Bucket: 'input', Key: 'empty', Body: ''});
	equal(await (await send('GetObject', {Bucket: 'input', Key: 'empty'})).Body.transformToString(), '', 'an empty object');
});

test('a copy', async () => {
	await send('CopyObject', {Bucket: 'output', Key: 'copy', CopySource: 'input/a%20b/c%2Bd%20%C3%A4%26.txt'});
	await send('DeleteObject', {Bucket: 'input', Key: 'a b/c+d ä&.txt'});
	const got = await send('GetObject', {Bucket: 'output', Key: 'copy'});
	equal([await got.Body.transformToString(), got.Metadata], ['hello', {who: 'me'}], 'the copy');
});

test('lists, by prefix, folder and page', async () => {
	for (const key of ['x/1', 'x/2', 'x/y/3', 'x/y/4', 'z<&>'])
		await send('PutObject', {Bucket: 'output', Key: key, Body: key});
	const list = async (input) => {
		const page = await send('ListObjectsV2', {Bucket: 'output', ...input});
		return [(page.Contents ?? []).map((o) => o.Key), (page.CommonPrefixes ?? []).map((p) => p.Prefix), page];
	};
	equal((await list({})).slice(0, 2), [['copy', 'x/1', 'x/2', 'x/y/3', 'x/y/4', 'z<&>'], []], 'all');
	equal((await list({Prefix: 'x/', Delimiter: '/'})).slice(0, 2), [['x/1', 'x/2'], ['x/y/']], 'a folder');
	const keys = [];
	let page, ContinuationToken;
	do {
		[, , page] = await list({MaxKeys: 2, ContinuationToken});
		keys.push(...page.Contents.map((o) => o.Key));
		ContinuationToken = page.NextContinuationToken;
	} while (page.IsTruncated);
	equal(keys, ['copy', 'x/1', 'x/2', 'x/y/3', 'x/y/4', 'z<&>'], 'page by page');
});

test('many objects are deleted at once', async () => {
	await send('DeleteObjects', {Bucket: 'output', Delete: {Objects: ['x/1', 'x/2', 'x/y/3', 'x/y/4', 'z<&>'].map((Key) => ({Key}))}});
	equal((await send('ListObjectsV2', {Bucket: 'output'})).Contents.map((o) => o.Key), ['copy'], 'what is left');
});

test('an object in parts', async () => {
	const where = {Bucket: 'input', Key: 'large.bin'};
	const {UploadId} = await send('CreateMultipartUpload', {...where, ContentType: 'video/mp4'});
	const parts = [Buffer.alloc(5 * MB, 'a'), Buffer.alloc(MB, 'b')];
	const Parts = [];
	for (const [i, Body] of parts.entries())
		Parts.push({PartNumber: i + 1, ETag: (await send('UploadPart', {...where, UploadId, PartNumber: i + 1, Body})).ETag});
	equal((await send('ListParts', {...where, UploadId})).Parts.map((p) => p.Size), [5 * MB, MB], 'parts');
	const whole = await send('CompleteMultipartUpload', {...where, UploadId, MultipartUpload: {Parts}});
	equal(/^"[0-9a-f]{32}-2"$/.test(whole.ETag), true, 'ETag');
	const got = await send('GetObject', where);
	equal([Buffer.concat(parts).equals(await got.Body.transformToByteArray()), got.ContentType], [true, 'video/mp4'], 'the object');
	const other = await send('CreateMultipartUpload', where);
	await send('AbortMultipartUpload', {...where, UploadId: other.UploadId});
	equal(await refusal('ListParts', {...where, UploadId: other.UploadId}, 'given up'), 'NoSuchUpload', 'the error');
});

test('presigned addresses', async () => {
	const sign = (Command, input, more) => getSignedUrl(client, new s3[Command + 'Command'](input), {expiresIn: 900, ...more});
	const up = await sign('PutObject', {Bucket: 'input', Key: 'up load.txt', ContentType: 'text/plain'});
	const put = await fetch(up, {method: 'PUT', body: 'by a page', headers: {'Content-Type': 'text/plain', Origin: 'http://page.test'}});
	equal([put.status, put.headers.get('access-control-allow-origin'), /ETag/.test(put.headers.get('access-control-expose-headers'))],
		[200, 'http://page.test', true], 'an upload of a page');
	const down = await sign('GetObject', {Bucket: 'input', Key: 'up load.txt', ResponseContentDisposition: 'attachment; filename="x.txt"'});
	const got = await fetch(down, {headers: {Range: 'bytes=0-1'}});
	equal([got.status, await got.text(), got.headers.get('content-disposition')], [206, 'by', 'attachment; filename="x.txt"'], 'a download');
	equal((await fetch(down.replace('up%20load', 'empty'))).status, 403, 'status of another object by this signature');
	equal((await fetch(down, {method: 'DELETE'})).status, 403, 'status of another method');
	const ago = (seconds) => new Date(Date.now() - 1000 * seconds);
	const signed = async (seconds) => (await fetch(await sign('GetObject', {Bucket: 'input', Key: 'up load.txt'},
		{expiresIn: 60, signingDate: ago(seconds)}))).status;
	equal(await signed(10), 200, 'status in time');
	equal(await signed(62), 403, 'status too late');
});

test('a page may ask whether it may', async () => {
	const reply = await fetch(url + '/input/x', {method: 'OPTIONS', headers: {
		Origin: 'http://page.test', 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'content-type'}});
	equal([reply.status, reply.headers.get('access-control-allow-headers'), /PUT/.test(reply.headers.get('access-control-allow-methods'))],
		[204, 'content-type', true], 'the preflight');
});

test('a bucket is read by everybody once its policy says so', async () => {
	equal((await fetch(url + '/output/copy')).status, 403, 'status before');
	await send('PutBucketPolicy', {Bucket: 'output', Policy: JSON.stringify({Version: '2012-10-17', Statement: [
		{Effect: 'Allow', Principal: {AWS: ['*']}, Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::output/*']}]})});
	equal(await (await fetch(url + '/output/copy')).text(), 'hello', 'the object');
	equal([(await fetch(url + '/output')).status, (await fetch(url + '/input/empty')).status,
		(await fetch(url + '/output/copy', {method: 'DELETE'})).status], [403, 403, 403], 'everything else');
	equal(JSON.parse((await send('GetBucketPolicy', {Bucket: 'output'})).Policy).Statement.length, 1, 'the policy');
});

test('CORS rules are kept, or not implemented', async () => {
	const input = {Bucket: 'input', CORSConfiguration: {CORSRules: [{AllowedOrigins: ['*'], AllowedMethods: ['PUT']}]}};
	await send('PutBucketCors', input);
	equal((await send('GetBucketCors', {Bucket: 'input'})).CORSRules[0].AllowedMethods, ['PUT'], 'the rules');
	await sandbox.settings({bucketCors: false});
	equal(await refusal('PutBucketCors', input, 'on demand'), 'NotImplemented', 'the error');
});

test('a bucket with something in it stays', async () => {
	equal(await refusal('DeleteBucket', {Bucket: 'output'}, 'not empty'), 'BucketNotEmpty', 'the error');
	await send('DeleteObject', {Bucket: 'output', Key: 'copy'});
	await send('DeleteBucket', {Bucket: 'output'});
	equal((await send('ListBuckets', {})).Buckets.map((b) => b.Name), ['input'], 'buckets');
});

test('a restart keeps objects and takes a new password', async () => {
	const reply = await fetch(`${process.env.OSC_DEPLOY_URL}/mysecrets/${MINIO}/storepassword`, {method: 'PUT',
		headers: {'x-pat-jwt': `Bearer ${context.getPersonalAccessToken()}`, 'Content-Type': 'application/json'},
		body: JSON.stringify({secretData: 'Another1Password'})});
	equal(reply.ok, true, 'the secret changed');
	equal((await send('ListBuckets', {})).Buckets.length, 1, 'buckets by the old password, before the restart');
	await osc.restartInstance(context, MINIO, 'store', token);
	equal(await refusal('ListBuckets', {}, 'the old password'), 'SignatureDoesNotMatch', 'the error');
	client = clientWith('Another1Password');
	equal(await (await send('GetObject', {Bucket: 'input', Key: 'up load.txt'})).Body.transformToString(), 'by a page', 'the object');
});

test('a removed instance is gone with what it kept', async () => {
	await osc.removeInstance(context, MINIO, 'store', token);
	await fails(send('ListBuckets', {}), 'the old address');
	const made = await osc.createInstance(context, MINIO, token, {name: 'store', RootUser: 'admin', RootPassword: PASSWORD});
	url = made.url;
	client = clientWith(PASSWORD);
	equal((await send('ListBuckets', {})).Buckets ?? [], [], 'buckets of a new one');
	await osc.removeInstance(context, MINIO, 'store', token);
});
