#!/bin/sh
# functions.sh MACHTAP: the manual page of the functions, from what machtap
# itself lists.
cat <<'HEAD'
.Dd $Mdocdate$
.Dt MACHTAP-FUNCTIONS 7
.Os machtap
.Sh NAME
.Nm machtap-functions
.Nd functions that scripts can call
.Sh DESCRIPTION
Each is given with the type of its value, if it has one, and with its
parameters.
Besides these there are
.Fn print ,
.Fn println ,
.Fn printd ,
.Fn printdln ,
.Fn printf
and the same with an
.Sq s
before the name, which give a string and print nothing.
.Pp
What belongs to an event is as it was at the event, though the handler runs
later.
.Bl -tag -width Ds
HEAD
"$1" --dump-functions -v | awk -F '\t' '{
    gsub(/\\/, "\\e"); gsub(/^[.\047]/, "\\\\\\&&")
    printf ".It Li \"%s\"\n%s.\n", $1, toupper(substr($2, 1, 1)) substr($2, 2)
}' | sed 's/\.\.$/./'
cat <<'TAIL'
.El
.Sh SEE ALSO
.Xr machtap 1
TAIL
