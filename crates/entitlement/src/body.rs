//! Who carries measures out.

base::terms! {
    /// Departments and others outside the office that give, charge or refuse what a grade asks for.
    #[schema(as = ExecutingBody)]
    pub enum Body {
        Power = "power" => "供电企业",
        Water = "water" => "供水企业",
        Gas = "gas" => "燃气企业",
        Sewage = "sewage" => "排水与污水处理单位",
        Banks = "banks" => "金融机构",
        RatingAgencies = "rating_agencies" => "信用评级机构",
        Tax = "tax" => "税务部门",
        Finance = "finance" => "财政部门",
        Land = "land" => "国土资源部门",
        Environment = "environment" => "环境保护部门",
        Economy = "economy" => "经济和信息化主管部门",
    }
}
