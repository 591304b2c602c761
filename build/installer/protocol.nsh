; Addresses that begin with fuelgauge: open the app, from the installation on and until it is removed.

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\fuelgauge" "" "URL:Fuelgauge"
  WriteRegStr SHELL_CONTEXT "Software\Classes\fuelgauge" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\fuelgauge\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\fuelgauge\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\fuelgauge"
!macroend
