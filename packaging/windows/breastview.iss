; Inno Setup 6: the installer for Windows from the packaged program. UNTRIED: written beside the Linux packages,
; never run. On Windows 10 or 11, in a checkout with Python 3.11 to 3.13, uv and Inno Setup:
;   sh packaging/pyinstaller/build.sh        (in Git's shell)
;   iscc /DVersion=0.1.0 packaging\windows\breastview.iss
#ifndef Version
  #error Say which version: iscc /DVersion=0.1.0 packaging\windows\breastview.iss
#endif

[Setup]
AppId={{6B1B5C52-4E0B-4D1C-9C42-7E0C5B8E2A41}
AppName=BreastView
AppVersion={#Version}
AppPublisher=The BreastView authors
AppComments=Research and education only. Not a medical device; not for diagnosis.
DefaultDirName={autopf}\BreastView
DefaultGroupName=BreastView
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\icons\breastview.ico
UninstallDisplayIcon={app}\breastview-window.exe
OutputDir=..\..\dist
OutputBaseFilename=breastview-{#Version}-windows-x64
Compression=lzma2
SolidCompression=yes
ChangesAssociations=yes
ChangesEnvironment=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "associate"; Description: "{cm:AssocFileExtension,BreastView,.dcm}"; Flags: unchecked

[InstallDelete]
; Modules of an older version must not lie beside those of the new one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\build\bundle\breastview\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\BreastView"; Filename: "{app}\breastview-window.exe"
Name: "{autodesktop}\BreastView"; Filename: "{app}\breastview-window.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\BreastView.dcm"; ValueType: string; ValueData: "DICOM"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\BreastView.dcm\shell\open\command"; ValueType: string; ValueData: """{app}\breastview-window.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.dcm\OpenWithProgids"; ValueType: string; ValueName: "BreastView.dcm"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.dcm"; ValueType: string; ValueData: "BreastView.dcm"; Tasks: associate

[Run]
Filename: "{app}\breastview-window.exe"; Parameters: "demo"; Description: "{cm:LaunchProgram,BreastView}"; Flags: nowait postinstall skipifsilent unchecked
