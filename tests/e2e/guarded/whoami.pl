#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# A program behind the guard: what it was told, as JSON.  The token itself it tells nobody.
use strict;
use warnings;
use JSON::PP;

my $cookies = $ENV{HTTP_COOKIE} // '';
my $ours = $cookies =~ /oscgi=/ ? JSON::PP::true : JSON::PP::false;
$cookies =~ s/oscgi=[^;]*//g;
my $body = '';
read STDIN, $body, $ENV{CONTENT_LENGTH} || 0;
print "Content-Type: application/json\r\n\r\n";
print encode_json({
	tenant      => $ENV{OSC_TENANT},
	subject     => $ENV{OSC_SUBJECT},
	token       => length($ENV{OSC_ACCESS_TOKEN} // '') > 20 ? JSON::PP::true : JSON::PP::false,
	method      => $ENV{REQUEST_METHOD},
	body        => $body,
	pathInfo    => $ENV{PATH_INFO} // '',
	query       => $ENV{QUERY_STRING} // '',
	cookies     => $cookies,
	ourCookie   => $ours,
	claims      => [ grep { /^HTTP_(?:X_)?OSC/ } keys %ENV ],
	environment => [ map { "$_=$ENV{$_}" } grep { !/^HTTP_/ && !/TOKEN/ } keys %ENV ],
}), "\n";
