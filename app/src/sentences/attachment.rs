//! Files that applicants attach.

use super::pick;
use crate::language::t;
use pass::AttachmentFault;

/// Why a file is not taken, and what to send instead.
pub fn attachment_fault(fault: AttachmentFault) -> String {
    match fault {
        AttachmentFault::Empty => t("这个文件是空的。", "There is nothing in this file.").to_owned(),
        AttachmentFault::UnknownSort => t(
            "只能上传照片（JPEG、PNG、WebP）或 PDF。",
            "Only pictures (JPEG, PNG, WebP) and PDF are taken.",
        )
        .to_owned(),
        AttachmentFault::Heic => t(
            "这是 HEIC 格式的照片，无法使用。请在手机“设置 → 相机 → 格式”中选择“兼容性最佳”后重新拍摄，或对照片截屏，再上传截屏。",
            "This is a HEIC photo, which cannot be used. In the phone’s settings choose Camera, Formats, Most Compatible and take it again; or take a screenshot of the photo and send that.",
        )
        .to_owned(),
        AttachmentFault::TooLarge { max_megabytes } => pick(
            format!("文件太大，每个最多 {max_megabytes} MB。请压缩，或用较低的分辨率拍摄。"),
            format!("The file is too large: {max_megabytes} MB at most. Compress it, or take the photo with fewer pixels."),
        ),
        AttachmentFault::TooManyPixels { max_millions } => pick(
            format!("照片的像素太多（最多 {}00 万）。请用较低的分辨率拍摄。", max_millions),
            format!("The picture has too many pixels ({max_millions} million at most). Take it with fewer."),
        ),
        AttachmentFault::Unreadable => t(
            "这个文件已损坏或不完整，无法打开。请重新拍摄或导出后再上传。",
            "This file is damaged or not whole. Take or export it anew.",
        )
        .to_owned(),
        AttachmentFault::Encrypted => t(
            "这个 PDF 设有密码。请去掉密码后再上传。",
            "This PDF is protected by a password. Remove that first.",
        )
        .to_owned(),
        AttachmentFault::Active => t(
            "这个 PDF 带有脚本、附件或可运行的内容。请打印为 PDF 后再上传。",
            "This PDF carries scripts, files or something that runs. Print it to a PDF and send that.",
        )
        .to_owned(),
        AttachmentFault::Different => t(
            "这个文件与之前上传的不一致。请移除后重新选择。",
            "This is not the file that was sent before. Remove it and choose it again.",
        )
        .to_owned(),
    }
}

/// What a field takes.
pub fn attachment_limits(max_files: u8, max_megabytes: u8) -> String {
    pick(
        format!("照片（JPEG、PNG、WebP）或 PDF，最多 {max_files} 个，每个不超过 {max_megabytes} MB。"),
        format!("Pictures (JPEG, PNG, WebP) or PDF, {max_files} at most, each up to {max_megabytes} MB."),
    )
}

/// How large a file is.
pub fn file_size(bytes: u32) -> String {
    if bytes < 1 << 20 {
        format!("{} KB", bytes.div_ceil(1 << 10))
    } else {
        let tenths = u64::from(bytes) * 10 / (1 << 20);
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::file_size;

    #[test]
    fn sizes_are_rounded() {
        assert_eq!(file_size(1), "1 KB");
        assert_eq!(file_size(300_000), "293 KB");
        assert_eq!(file_size(5 << 20), "5.0 MB");
        assert_eq!(file_size(u32::MAX), "4095.9 MB");
    }
}
