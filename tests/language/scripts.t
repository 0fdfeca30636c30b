#!/usr/bin/env perl
# Scripts with what the language says of them: each *.cases file here holds
# cases of the form
#
#     #### name :: words for stp-parse
#     the script
#     ----
#     what stp-parse prints
#
# A tree that was printed (-1) is also read and printed again, which must not
# change it.  UPDATE=1 rewrites the files with what comes out now: read the
# difference before you keep it.

use strict;
use warnings;
use File::Basename;
use File::Temp 'tempdir';

my $folder = dirname(__FILE__);
my $program = ($ENV{MACHTAP_BUILD} // 'build') . '/test/stp-parse';
my $work = tempdir(CLEANUP => 1);
my $count = 0;

sub slurp {
    my ($path) = @_;
    open(my $file, '<', $path) or die "$path: $!";
    local $/;
    return scalar <$file>;
}

sub run_script {
    my ($script, @words) = @_;
    open(my $file, '>', "$work/script") or die $!;
    print $file $script;
    close $file;
    my ($options, $arguments) = ([], []);
    push @{/^-/ ? $options : $arguments}, $_ for @words;
    open(my $out, '-|', $program, @$options, "$work/script", @$arguments)
        or die "$program: $!";
    local $/;
    my $text = <$out> // '';
    close $out;
    $text .= "signal " . ($? & 127) . "\n" if $? & 127;
    $text =~ s/\Q$work\E\/script/t.stp/g;
    return $text;
}

sub ok {
    my ($good, $name, $wanted, $got) = @_;
    $count++;
    print $good ? "ok" : "not ok", " $count - $name\n";
    return if $good;
    print map { "# $_\n" } 'wanted:', split(/\n/, $wanted), 'got:',
        split(/\n/, $got);
}

for my $path (sort glob "$folder/*.cases") {
    my ($head, @cases) = split /^#### /m, slurp($path);
    my $new = $head;

    for my $case (@cases) {
        my ($title, $script, $wanted) =
            $case =~ /\A([^\n]*)\n(.*?)^----\n(.*)\z/ms
            or die "$path: a case without ----: $case";
        my ($name, $words) = split / :: /, $title;
        my @words = split ' ', $words // '';
        my $got = run_script($script, @words);

        $wanted =~ s/\n+\z/\n/;
        $new .= "#### $title\n$script----\n$got\n";
        $got =~ s/\n+\z/\n/;
        ok($got eq $wanted, basename($path, '.cases') . ": $name", $wanted,
            $got);
        if ("@words" =~ /-1/ && $got !~ /parse error/) {
            my $again = run_script($got, grep { /^-/ } @words);
            ok($again eq $got, "$name, printed and read again", $got, $again);
        }
    }
    if ($ENV{UPDATE}) {
        open(my $file, '>', $path) or die $!;
        print $file $new;
    }
}
print "1..$count\n";
