/* SPDX-License-Identifier: MIT */
/*
 * Services that one can activate.  OSC lists to a visitor only what is active in the workspace already, so the rest of
 * the choice is kept here.  Sites that want another choice change this list; ids come from the OSC catalog.
 */

export const OFFER = [
	['minio-minio', 'MinIO', 'Storage', 'S3 compatible object storage'],
	['valkey-io-valkey', 'Valkey', 'Database', 'In-memory store and queue that speaks Redis'],
	['birme-osc-postgresql', 'PostgreSQL', 'Database', 'Relational database'],
	['linuxserver-docker-mariadb', 'MariaDB', 'Database', 'Relational database that speaks MySQL'],
	['apache-couchdb', 'CouchDB', 'Database', 'Document database with an HTTP interface'],
	['clickhouse-clickhouse', 'ClickHouse', 'Database', 'Column store for analytics'],
	['encore', 'SVT Encore', 'Media', 'Video transcoding with a job queue'],
	['eyevinn-encore-callback-listener', 'Encore callback listener', 'Media', 'Passes the progress of Encore jobs to a queue'],
	['eyevinn-encore-packager', 'Encore packager', 'Media', 'Packages finished Encore jobs to HLS and DASH'],
	['grusell-encore-profile-server', 'Encore profile server', 'Media', 'Serves transcoding profiles from a bucket'],
	['eyevinn-docker-wrtc-sfu', 'WebRTC SFU', 'Media', 'Selective forwarding unit for WebRTC'],
	['eyevinn-intercom-manager', 'Open Intercom manager', 'Media', 'Intercom for productions, in the browser'],
	['eyevinn-test-adserver', 'Test ad server', 'Media', 'Ad server for testing ad insertion'],
	['eyevinn-tf-deployer', 'OpenTofu deployer', 'Tools', 'Deploys solutions described in Terraform'],
	['eyevinn-app-config-svc', 'App config service', 'Tools', 'Configuration values for your apps'],
	['wordpress-wordpress', 'WordPress', 'Web', 'Sites and blogs'],
	['nextcloud-server', 'Nextcloud', 'Web', 'Files and collaboration'],
	['go-gitea-gitea', 'Gitea', 'Tools', 'Git hosting'],
	['grafana-grafana', 'Grafana', 'Tools', 'Dashboards'],
	['n8n-io-n8n', 'n8n', 'Tools', 'Workflow automation'],
	['eyevinn-ffmpeg-s3', 'FFmpeg', 'Media', 'Runs one ffmpeg command on files in object storage', 'job'],
].map(([serviceId, title, category, description, type = 'instance']) => ({serviceId, title, category, description, type}));
