//! What a user may say of a file beside it.

base::terms! {
    /// The code is the option of the command line and, with underscores, the field of the form; the label stands on the form.
    pub enum FileOption {
        Srid = "srid" => "坐标系",
        Encoding = "encoding" => "文字编码",
        Layer = "layer" => "图层或工作表",
        AsOf = "as-of" => "生效日期",
        Year = "year" => "年度",
        PlanningLayer = "planning-layer" => "规划图层",
        Edition = "edition" => "版本",
        Figures = "figures" => "显示与存储不同时取哪个数",
        AcceptWarnings = "accept-warnings" => "接受须由人确认的警告",
    }
}

impl FileOption {
    /// As sentences for people name it.
    pub fn named(self) -> String {
        format!("选项“{}”", self.label())
    }

    /// A sentence as the command line says it: with its own names of the options.
    pub fn on_command_line(sentence: &str) -> String {
        let reworded =
            |text: String, option: &FileOption| text.replace(&option.named(), &format!(" --{} ", option.code()));
        FileOption::ALL.iter().fold(sentence.to_owned(), reworded).replace(" 。", "。").replace(" ，", "，")
    }
}

base::terms! {
    /// Which figure counts where a cell shows one and holds another.
    pub enum Figures {
        Stored = "stored" => "单元格存储的数",
        Shown = "shown" => "单元格显示的数",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_says_its_own_names() {
        let sentence = format!("请核对{}。“生效日期”列不受影响。", FileOption::AsOf.named());
        assert_eq!(sentence, "请核对选项“生效日期”。“生效日期”列不受影响。");
        assert_eq!(FileOption::on_command_line(&sentence), "请核对 --as-of。“生效日期”列不受影响。");
    }
}
