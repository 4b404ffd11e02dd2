package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A Go program asks for the time in the vDSO, a page of code that the kernel maps into each process. While
// a replica stands still before its first instruction, its copy of that code is replaced by some that asks
// the kernel and adds a number of seconds to the wall clock. So the clock of one process can be moved, as
// an administrator or a time server moves that of a machine: monotonic time goes on as before.

// clockCode is clock_gettime(edi, *rsi).
var clockCode = []byte{
	0xb8, 0xe4, 0, 0, 0, //             mov eax, 228 (clock_gettime)
	0x0f, 0x05, //                      syscall
	0x85, 0xff, //                      test edi, edi (CLOCK_REALTIME)
	0x75, 0x0a, //                      jne to the ret
	0x48, 0x8b, 0x0d, 6, 0, 0, 0, //    mov rcx, [rip+6], the seconds behind this code
	0x48, 0x01, 0x0e, //                add [rsi], rcx
	0xc3,       //                      ret
	0xcc, 0xcc, //                      up to the seconds
}

// clock is the wall clock of a process.
type clock struct {
	mem     *os.File
	seconds int64 // their address
}

// startClocked starts a process whose clock can be moved.
func startClocked(c *exec.Cmd) (*clock, error) {
	runtime.LockOSThread() // who traces a process is a thread
	defer runtime.UnlockOSThread()
	c.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := c.Start(); err != nil {
		return nil, err
	}
	var status syscall.WaitStatus
	_, err := syscall.Wait4(c.Process.Pid, &status, 0, nil)
	for err == syscall.EINTR {
		_, err = syscall.Wait4(c.Process.Pid, &status, 0, nil)
	}
	if err != nil || !status.Stopped() {
		return nil, fmt.Errorf("process %d does not stop at its start: %v, %v", c.Process.Pid, status, err)
	}
	k, err := newClock(c.Process.Pid)
	if detached := syscall.PtraceDetach(c.Process.Pid); err == nil {
		err = detached
	}
	if err != nil {
		_ = c.Process.Kill()
		_ = c.Wait()
		return nil, err
	}
	return k, nil
}

// newClock puts the code in its place in a process that stands still.
func newClock(pid int) (*clock, error) {
	at, size, err := vdso(pid)
	if err != nil {
		return nil, err
	}
	mem, err := os.OpenFile(fmt.Sprintf("/proc/%d/mem", pid), os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	k := &clock{mem: mem}
	page := make([]byte, size)
	_, err = mem.ReadAt(page, at)
	if err == nil {
		k.seconds, err = place(page)
		k.seconds += at
	}
	if err == nil {
		_, err = mem.WriteAt(append(clockCode, make([]byte, 8)...), k.seconds-int64(len(clockCode)))
	}
	if err != nil {
		mem.Close()
		return nil, err
	}
	return k, nil
}

// vdso is where the page is.
func vdso(pid int) (at, size int64, err error) {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(maps)) {
		if !strings.HasSuffix(strings.TrimSpace(line), "[vdso]") {
			continue
		}
		var from, to int64
		_, err := fmt.Sscanf(line, "%x-%x", &from, &to)
		return from, to - from, err
	}
	return 0, 0, fmt.Errorf("process %d has no vDSO", pid)
}

// place is where in the page the seconds are to be.
func place(page []byte) (int64, error) {
	file, err := elf.NewFile(bytes.NewReader(page))
	if err != nil {
		return 0, err
	}
	symbols, err := file.DynamicSymbols()
	if err != nil {
		return 0, err
	}
	for _, s := range symbols {
		at := int64(s.Value) + int64(len(clockCode))
		if s.Name == "__vdso_clock_gettime" && s.Size >= uint64(len(clockCode)+8) && at%8 == 0 && at < int64(len(page)) {
			return at, nil
		}
	}
	return 0, fmt.Errorf("no function of the vDSO can be replaced: %s", strconv.Quote(fmt.Sprint(symbols)))
}

// move sets the clock so many seconds ahead of that of the machine, or behind it.
func (k *clock) move(by time.Duration) error {
	_, err := k.mem.WriteAt(binary.LittleEndian.AppendUint64(nil, uint64(by/time.Second)), k.seconds)
	return err
}

func (k *clock) close() { k.mem.Close() }
