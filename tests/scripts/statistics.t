#!/bin/bash
. tests/scripts/section.sh
